import { showFailure, showResult, showWaiting } from './answer-panel.js';
import { ApiKey } from './api-key.js';
import { CodePanel, copy } from './code-panel.js';
import { byId } from './dom.js';
import { EvaluationView } from './evaluation-view.js';
import { RequestFailure } from './failure.js';
import { FileDrop } from './file-drop.js';
import { count, decimal, percent } from './format.js';
import { PassagesPanel } from './passages-panel.js';
import { fromFragment, toFragment } from './question.js';
import { QuestionForm } from './question-form.js';
import { decide, limitOf, readingsOf, withLimit, type Decision } from './redecide.js';
import { ScalesPanel } from './scales-panel.js';
import { requestOf, Server } from './server.js';
import { StagesPanel } from './stages-panel.js';
import { clearSteps, showSteps } from './steps-panel.js';
import { setUpTabs } from './tabs.js';
import { setUpTheme } from './theme.js';
import type { ExplainedResult } from './wire.js';

/** After this long without a word the page says that it waits. */
const SLOW_MS = 2_000;

/** What was asked last, and what came of it. */
interface Answered {
  readonly question: string;
  readonly result: ExplainedResult;
  /** As the server decided. */
  readonly decision: Decision;
}

// Beside this script's folder are the server's routes, wherever it is mounted.
const server = new Server(new URL('..', import.meta.url), () => key.value);
const status = byId('status', HTMLElement);
const answerPanel = byId('answer', HTMLElement);
const stepsPanel = byId('steps', HTMLElement);
const stopButton = byId('stop', HTMLButtonElement);
const tabs = [byId('tab-ask', HTMLButtonElement), byId('tab-evaluation', HTMLButtonElement)] as const;

const key = new ApiKey(() => {
  void showServer();
  if (tabs[1].ariaSelected === 'true') void evaluation.show();
  else if (form.value.question.trim() !== '') void ask();
});
const stages = new StagesPanel(byId('stages', HTMLElement));
const passages = new PassagesPanel(byId('passages', HTMLElement));
const scales = new ScalesPanel(byId('scales', HTMLElement), {
  move: (limit) => move(limit),
  reset: () => answered && move(limitOf(answered.decision.profile)),
  ask: askWithLimit,
});
const form = new QuestionForm(
  () => void ask(),
  () => code.update(),
);
const file = new FileDrop(
  () => {
    code.update();
    if (form.value.question.trim() === '') form.focus();
    else void ask();
  },
  (reason) => say(reason),
);
const code = new CodePanel(() => {
  const { path, body } = requestOf(form.value, file.document);
  return { url: new URL(path, server.base).href, body, needsKey: key.isNeeded };
}, say);
const evaluation = new EvaluationView(byId('view-evaluation', HTMLElement), server, () => key.ask());

let running: AbortController | undefined;
let answered: Answered | undefined;
let limit: number | undefined;

function say(text: string): void {
  status.textContent = text;
}

async function showServer(): Promise<void> {
  const about = byId('server', HTMLElement);
  try {
    const { model, index, limits } = await server.info();
    const size =
      index === undefined ? [] : [count(index.documents, 'document'), count(index.passages, 'passage')];
    about.textContent = [model.id, ...size].join(' · ');
    about.title = about.textContent;
    form.setTopKLimit(limits['passages']);
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    about.textContent = '';
    if (error.needsKey) key.ask();
  }
}

function clear(text: string): void {
  answered = undefined;
  limit = undefined;
  showWaiting(answerPanel, text);
  stages.clear();
  scales.clear();
  passages.clear();
  clearSteps(stepsPanel);
}

async function ask(): Promise<void> {
  running?.abort();
  const question = form.value;
  if (question.question.trim() === '') {
    say('Type a question first.');
    form.focus();
    return;
  }
  const run = new AbortController();
  running = run;
  stopButton.disabled = false;
  const { document } = file;
  if (document === undefined) history.replaceState(null, '', toFragment(question));
  clear('Asking…');
  say('Asking…');
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 1000);
  const slow = setInterval(() => say(`Waiting for the server for ${seconds()} s…`), SLOW_MS);
  let read = 0;
  try {
    const result = await server.ask(
      requestOf(question, document),
      {
        onFound: (found) => {
          clearInterval(slow);
          passages.showFound(found);
          stages.showFound(found.length);
          showWaiting(answerPanel, 'Reading…');
          say(`Reading ${count(found.length, 'passage')}…`);
        },
        onRead: (passage) => {
          read++;
          passages.showRead(passage);
          scales.showRead(passage.rank, passage.margin);
          stages.showRead(read, passages.found);
        },
        onTimes: (times) => stages.showTimes(times),
      },
      run.signal,
    );
    stages.showTotal(performance.now() - began);
    const decision = decide(question.question, readingsOf(result), result.profile);
    answered = { question: question.question, result, decision };
    limit = limitOf(result.profile);
    passages.showExplained(result.explanation);
    show(decision);
    say(result.kind === 'answer' ? `Answered: ${result.answer}` : 'No answer.');
  } catch (error) {
    // A later question has taken the page over.
    if (running !== run) return;
    fail(error);
  } finally {
    clearInterval(slow);
    if (running === run) stopButton.disabled = true;
  }
}

function fail(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') {
    clear('Stopped.');
    say('Stopped.');
    return;
  }
  if (!(error instanceof RequestFailure)) throw error;
  clear('');
  showFailure(answerPanel, error.failure);
  say('');
  if (error.needsKey) key.ask();
}

/** Shows a decision: the server's, or another one on what it read. */
function show(decision: Decision): void {
  if (answered === undefined) return;
  const original = limitOf(answered.decision.profile);
  const isMoved = limit !== undefined && limit !== original;
  showResult(answerPanel, decision.result, isMoved ? movedNote(decision, original) : undefined);
  answerPanel.classList.toggle('moved', isMoved);
  passages.showKept(decision.result.explanation ?? []);
  scales.show(decision, original, passages.found);
  stages.showDecision(decision, passages.found);
  showSteps(stepsPanel, decision);
}

function movedNote({ profile }: Decision, original: number): string {
  const [name, format] =
    profile.aggregation === 'fusion'
      ? (['Least confidence', percent] as const)
      : (['Threshold', decimal] as const);
  return `${name} moved from ${format(original)} to ${format(limitOf(profile))}: decided again in this page.`;
}

/** Decides again with another limit, by the same rule. */
function move(to: number): void {
  if (answered === undefined) return;
  const { question, decision } = answered;
  limit = to;
  const isBack = to === limitOf(decision.profile);
  show(isBack ? decision : decide(question, decision.readings, withLimit(decision.profile, to)));
}

/** Has the server decide with the limit that was moved. */
function askWithLimit(): void {
  if (answered === undefined || limit === undefined) return;
  const rule = answered.decision.profile.aggregation === 'fusion' ? 'minConfidence' : 'threshold';
  form.setLimit(rule, limit);
  code.update();
  void ask();
}

function openLink(): void {
  const linked = fromFragment(location.hash);
  if (linked === undefined) return;
  form.value = linked.question;
  code.update();
  void ask();
  if (linked.leftOut.length > 0)
    say(`Left out of the link, as they are no numbers: ${linked.leftOut.join(', ')}`);
}

setUpTheme(byId('theme', HTMLButtonElement));
setUpTabs(tabs, (tab) => {
  if (tab === tabs[1]) void evaluation.show();
});
stopButton.addEventListener('click', () => running?.abort());
byId('copy-link', HTMLButtonElement).addEventListener('click', () => {
  const link = new URL(toFragment(form.value), location.href).href;
  const note = file.document === undefined ? '' : ' The file is not in it.';
  void copy(link).then((isCopied) => say(`${isCopied ? 'Link copied.' : `Copy this link: ${link}`}${note}`));
});
window.addEventListener('hashchange', openLink);
clear('Ask a question, or drop a file and ask about that.');
void showServer();
openLink();

import type { Citation } from '../../core/citation.js';
import type { AnswerResult, Candidate } from '../../pipeline/types.js';
import { createLocalEngine, type LocalEngine } from '../client.js';
import { SCRIPT_FILES } from '../site-manifest.js';

const MEGABYTE = 1_000_000;

const form = element('form', HTMLFormElement);
const question = element('question', HTMLInputElement);
const askButton = element('ask', HTMLButtonElement);
const loading = element('loading', HTMLElement);
const progress = element('progress', HTMLProgressElement);
const status = element('status', HTMLElement);
const problem = element('problem', HTMLElement);
const message = element('message', HTMLElement);
const retry = element('retry', HTMLButtonElement);
const output = element('result', HTMLElement);

let engine: LocalEngine | undefined;
/** The question that is being answered. */
let current: AbortController | undefined;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void ask();
});
retry.addEventListener('click', () => void load());
void load();
keepForOffline();

async function load(): Promise<void> {
  problem.hidden = true;
  loading.hidden = false;
  try {
    engine = await createLocalEngine({
      base: '.',
      onProgress: ({ stage, loadedBytes, totalBytes }) => {
        progress.value = totalBytes === 0 ? 0 : loadedBytes / totalBytes;
        const [loaded, total] = [loadedBytes, totalBytes].map((bytes) => (bytes / MEGABYTE).toFixed(1));
        status.textContent =
          stage === 'files' ? `Loading ${loaded ?? ''} of ${total ?? ''} MB` : 'Starting the reader';
      },
    });
    loading.hidden = true;
    askButton.disabled = false;
    document.documentElement.dataset['state'] = 'ready';
  } catch (error) {
    loading.hidden = true;
    complain(error);
  }
}

async function ask(): Promise<void> {
  if (engine === undefined) return;
  current?.abort();
  const controller = (current = new AbortController());
  problem.hidden = true;
  output.setAttribute('aria-busy', 'true');
  try {
    const result = await engine.ask(question.value, { signal: controller.signal });
    output.replaceChildren(...(result.kind === 'answer' ? rendered(result) : renderedNone(result)));
  } catch (error) {
    // A later question has taken its place.
    if (controller.signal.aborted) return;
    output.replaceChildren();
    complain(error);
  }
  output.removeAttribute('aria-busy');
}

function rendered(result: AnswerResult & { kind: 'answer' }): Node[] {
  const [citation] = result.citations;
  const alternatives = result.alternatives.map(({ answer, confidence }) =>
    node('li', `${answer} (${percent(confidence)})`),
  );
  const list = node('ul');
  list.append(...alternatives);
  return [
    node('p', result.answer, 'answer'),
    node(
      'p',
      `Confidence ${percent(result.confidence)}${result.conflicting ? '; another answer is nearly as sure' : ''}`,
    ),
    ...(citation === undefined ? [] : cited(citation)),
    ...(alternatives.length === 0 ? [] : [node('h2', 'Other candidates'), list]),
  ];
}

function renderedNone({ bestRejected }: AnswerResult & { kind: 'no-answer' }): Node[] {
  return [
    node('p', 'The documents hold no answer that can be trusted.', 'answer'),
    ...(bestRejected === null ? [] : closest(bestRejected)),
  ];
}

function closest({ citations: [citation] }: Candidate): Node[] {
  return citation === undefined ? [] : [node('p', 'Closest, but rejected:'), ...cited(citation)];
}

/** The sentence, with the answer marked, and where it stands. */
function cited({ sentence, start, end, title, headings, documentId, link }: Citation): Node[] {
  const quote = node('blockquote');
  quote.append(
    sentence.text.slice(0, start - sentence.start),
    node('mark', sentence.text.slice(start - sentence.start, end - sentence.start)),
    sentence.text.slice(end - sentence.start),
  );
  const place = [...new Set([title, ...headings])].filter((part) => part !== '').join(' › ') || documentId;
  const source = node('p');
  if (link === undefined) source.textContent = place;
  else {
    const anchor = node('a', place);
    anchor.href = link;
    source.append(anchor);
  }
  return [quote, source];
}

function complain(error: unknown): void {
  message.textContent = error instanceof Error ? error.message : String(error);
  problem.hidden = false;
  retry.hidden = engine !== undefined;
}

/** Without one the page works as well, but only online. */
function keepForOffline(): void {
  // Absent outside secure contexts and in some private windows, whatever its declaration says.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  container?.register(SCRIPT_FILES.serviceWorker).catch(() => undefined);
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

function node<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  className = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

function element<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}.`);
  return found;
}

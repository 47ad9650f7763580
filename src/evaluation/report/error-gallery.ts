import type { Citation } from '../../core/citation.js';
import { overlaps, type Span } from '../../core/span.js';
import type { EvaluatedQuestion } from '../evaluated-question.js';
import { RETRIEVAL_DEPTH } from '../evaluate.js';
import { decimal, percent } from './format.js';
import { html, type Content, type Markup } from './html.js';

/** Ways to be wrong, as the figures count it: not an exact match. */
const KINDS = [
  { id: 'wrong-span', label: 'Wrong span' },
  { id: 'unanswerable', label: 'Answered, though unanswerable' },
  { id: 'withheld', label: 'Withheld, though answerable' },
] as const;

type KindId = (typeof KINDS)[number]['id'];

/** Wrong answers shown of each kind. */
const SHOWN = 70;

/** Wrong answers in their passages, the surest first; radio buttons and the style sheet filter them, without a script. */
export function errorGallery(questions: readonly EvaluatedQuestion[]): Markup {
  const wrong = questions.filter(({ exact }) => exact === 0).toSorted((a, b) => b.confidence - a.confidence);
  const kinds = KINDS.map((kind) => {
    const errors = wrong.filter((question) => kindOf(question) === kind.id);
    return { ...kind, total: errors.length, shown: errors.slice(0, SHOWN) };
  });
  if (wrong.length === 0) return html`<p>Every question was answered as its gold answers say.</p>`;
  const shown = kinds.reduce((sum, kind) => sum + kind.shown.length, 0);
  return html` <fieldset class="filter">
      <legend>Show</legend>
      ${choice('all', 'All', wrong.length, true)}
      ${kinds.map(({ id, label, total }) => choice(id, label, total, false))}
    </fieldset>
    <p class="key">
      <mark class="gold">gold answer</mark> <mark class="predicted">candidate of this run</mark>
      <mark class="gold predicted">both</mark>
    </p>
    ${
      shown < wrong.length
        ? html`<p class="note">
            ${shown} of ${wrong.length} are shown: the ${SHOWN} of each kind that the reader was surest of.
          </p>`
        : null
    }
    <div class="errors">
      ${kinds.flatMap(({ id, label, shown }) => shown.map((question) => card(question, id, label)))}
    </div>`;
}

function kindOf({ answerable, predicted }: EvaluatedQuestion): KindId {
  if (!answerable) return 'unanswerable';
  return predicted === '' ? 'withheld' : 'wrong-span';
}

function choice(id: KindId | 'all', label: string, count: number, checked: boolean): Markup {
  const input = checked
    ? html`<input type="radio" name="kind" id="show-${id}" checked />`
    : html`<input type="radio" name="kind" id="show-${id}" />`;
  return html`<label>${input} ${label} <span class="total">${count}</span></label>`;
}

function card(question: EvaluatedQuestion, kind: KindId, label: string): Markup {
  const { answers, answerable, best, confidence, predicted, f1 } = question;
  const facts = [
    label,
    `confidence ${percent(confidence)}`,
    ...(kind === 'wrong-span' ? [`F1 ${decimal(f1)}`] : []),
    ...rankOf(question),
  ];
  const gold = [...new Set(answers.map(({ text }) => text))].join(' · ');
  return html`<article class="error ${kind}">
    <p class="facts">${facts.join(' · ')}</p>
    <h3>${question.question}</h3>
    <dl>
      <dt>${predicted === '' ? 'Withheld' : 'Answered'}</dt>
      <dd>${best?.text ?? '–'}</dd>
      <dt>Gold</dt>
      <dd>${answerable ? gold : 'no answer'}</dd>
    </dl>
    ${passages(question)}
  </article>`;
}

function rankOf({ answerable, retrieval }: EvaluatedQuestion): string[] {
  if (!answerable || retrieval === null) return [];
  const { relevantRank } = retrieval;
  return [
    relevantRank === null
      ? `gold passage not among the first ${RETRIEVAL_DEPTH}`
      : `gold passage at rank ${relevantRank}`,
  ];
}

/** The candidate's passage and, where no gold answer is known to stand in it, the question's own paragraph. */
function passages({ article, answerable, answers, paragraph, best }: EvaluatedQuestion): Content {
  const own = [
    html`<p class="source">The question's paragraph, in ${article}</p>`,
    highlighted(paragraph, [], answers),
  ];
  if (best === null) return own;
  const { text, span, gold } = best.passage;
  return [
    html`<p class="source">${sourceOf(best.citation)}</p>`,
    highlighted(text, [span], gold),
    answerable && gold.length === 0 ? own : null,
  ];
}

/** A text with its spans marked; where they overlap, both marks hold. */
function highlighted(text: string, predicted: readonly Span[], gold: readonly Span[]): Markup {
  const cuts = [...predicted, ...gold].flatMap(({ start, end }) => [start, end]);
  const borders = [...new Set([0, ...cuts, text.length])].sort((a, b) => a - b);
  const pieces = borders.slice(1).map((end, i) => {
    const piece = { start: borders[i] ?? 0, end };
    const words = text.slice(piece.start, piece.end);
    const marks = [
      ...(gold.some((span) => overlaps(span, piece)) ? ['gold'] : []),
      ...(predicted.some((span) => overlaps(span, piece)) ? ['predicted'] : []),
    ];
    return marks.length === 0 ? words : html`<mark class="${marks.join(' ')}">${words}</mark>`;
  });
  return html`<p class="passage" dir="auto">${pieces}</p>`;
}

function sourceOf({ title, headings, documentId, line }: Citation): string {
  const place = line === undefined ? documentId : `${documentId}:${line}`;
  return [...new Set([title, ...headings, place])].filter((part) => part !== '').join(' › ');
}

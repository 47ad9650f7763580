import type { Citation } from '../../core/citation.js';
import type { AnswerResult, Candidate } from '../../pipeline/types.js';
import { element, isolated } from '../dom.js';
import { sourceAnchor } from './dom.js';
import { failureText, type Failure } from './failure.js';
import { count, percent } from './format.js';

/** What stands in the panel while there is nothing to show yet. */
export function showWaiting(panel: HTMLElement, text: string): void {
  panel.dataset['state'] = 'waiting';
  panel.replaceChildren(element('p', { class: 'quiet' }, text));
}

export function showFailure(panel: HTMLElement, failure: Failure): void {
  panel.dataset['state'] = 'failure';
  const { title, detail, reference } = failureText(failure);
  panel.replaceChildren(
    element(
      'div',
      { role: 'alert' },
      element('p', { class: 'verdict' }, title),
      element('p', {}, isolated(detail)),
      reference === undefined ? undefined : element('p', { class: 'quiet' }, isolated(reference)),
    ),
  );
}

/** @param note - how the result came about, where the server did not decide it so. */
export function showResult(panel: HTMLElement, result: AnswerResult, note: string | undefined): void {
  panel.dataset['state'] = result.kind;
  const shown =
    result.kind === 'answer'
      ? [
          element(
            'p',
            { class: 'verdict' },
            isolated(result.answer, { class: 'words' }),
            element('span', { class: 'confidence' }, `confidence ${percent(result.confidence)}`),
          ),
          ...quoteOf(result),
          result.conflicting
            ? element('p', { class: 'warn' }, 'Another answer is nearly as sure and says something else.')
            : undefined,
        ]
      : [element('p', { class: 'verdict' }, 'No answer'), ...noAnswer(result)];
  panel.replaceChildren(
    ...(note === undefined ? [] : [element('p', { class: 'note' }, note)]),
    ...shown.filter((child) => child !== undefined),
  );
}

function noAnswer({
  reason,
  bestRejected,
  passagesRead,
}: Extract<AnswerResult, { kind: 'no-answer' }>): HTMLElement[] {
  if (reason === 'no-passages') return [element('p', {}, 'No passage holds a word of the question.')];
  const none = element('p', {}, `None of the ${count(passagesRead, 'passage')} read supports one.`);
  if (bestRejected === null) return [none];
  return [
    none,
    element(
      'p',
      { class: 'quiet' },
      'Closest, but rejected: ',
      isolated(bestRejected.answer, { class: 'words' }),
      ` (confidence ${percent(bestRejected.confidence)})`,
    ),
    ...quoteOf(bestRejected),
  ];
}

/** The sentence around the quote, and where it stands. */
function quoteOf({ citations }: Candidate): HTMLElement[] {
  const [citation] = citations;
  if (citation === undefined) return [];
  const { sentence, start, end } = citation;
  return [
    element(
      'blockquote',
      { dir: 'auto' },
      sentence.text.slice(0, start - sentence.start),
      element('mark', {}, sentence.text.slice(start - sentence.start, end - sentence.start)),
      sentence.text.slice(end - sentence.start),
    ),
    element('p', { class: 'quiet' }, sourceOf(citation)),
  ];
}

/** Title, headings, document and line or page, linked where the document has a web address. */
export function sourceOf({ title, headings, documentId, line, page, link, uri }: Citation): HTMLElement {
  const path = [...new Set([title, ...headings])].filter((heading) => heading !== '');
  const place = line === undefined ? (page === undefined ? '' : `, page ${page}`) : `:${line}`;
  return element(
    'span',
    {},
    ...path.flatMap((heading) => [isolated(heading), ' › ']),
    sourceAnchor(link ?? uri, `${documentId}${place}`),
  );
}

import type { Citation } from '../core/citation.js';
import { headingPath, type RetrievedPassage } from '../core/passage.js';
import type { AnswerResult, Candidate } from '../pipeline/index.js';

/** An answer as a model or a person reads it: the words, how sure, and where they stand. */
export function renderAnswer(result: AnswerResult): string {
  const { passagesRead } = result;
  if (result.kind === 'answer') {
    const conflict = result.conflicting ? ['The documents do not agree: see the other candidates.', ''] : [];
    const others = result.alternatives.map((other) => `- ${described(other)}`);
    return [
      described(result),
      '',
      ...conflict,
      ...result.citations.flatMap(source),
      ...(others.length === 0 ? [] : ['Other candidates:', ...others]),
    ]
      .join('\n')
      .trimEnd();
  }
  if (result.bestRejected === null)
    return 'No answer: nothing in the documents shares a word with the question.';
  return [
    `No answer: none of the ${passagesRead} passages read supports one.`,
    '',
    `Closest, but rejected: ${described(result.bestRejected)}`,
    ...result.bestRejected.citations.slice(0, 1).flatMap(source),
  ]
    .join('\n')
    .trimEnd();
}

/** A list of passages, each with where it stands. */
export function renderPassages(passages: readonly RetrievedPassage[]): string {
  if (passages.length === 0) return 'Nothing in the documents shares a word with the question.';
  return passages
    .map(
      (passage) =>
        `${passage.rank}. ${place({ ...passage, ...passage.anchors[0] }, passage)}\n${passage.text}`,
    )
    .join('\n\n');
}

function described({ answer, confidence, citations: [first] }: Candidate): string {
  const where = first === undefined ? '' : `, ${first.documentId}`;
  return `“${answer}” (confidence ${confidence.toFixed(2)}${where})`;
}

function source(citation: Citation): string[] {
  const address = citation.link ?? citation.uri;
  return [
    `> ${citation.sentence.text.replaceAll('\n', '\n> ')}`,
    `Source: ${place(citation, citation)}`,
    ...(address === '' ? [] : [address]),
    '',
  ];
}

type Place = Pick<Citation, 'documentId' | 'line' | 'page' | 'title' | 'headings'>;

function place(
  { documentId, line, page, title, headings }: Place,
  { start, end }: { start: number; end: number },
): string {
  const at = [
    documentId,
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(page === undefined ? [] : [`page ${page}`]),
    `offsets ${start}–${end}`,
  ].join(', ');
  const path = headingPath({ title, headings }).join(' › ');
  return path === '' ? at : `${path} (${at})`;
}

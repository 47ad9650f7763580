import type { Citation } from '../core/citation.js';
import type { AnswerResult, Candidate } from '../pipeline/index.js';

/** A result in words for a language model: an answer with its sources, or that there is none and what to make of that. */
export function answerForModel(result: AnswerResult): string {
  if (result.kind === 'answer') {
    return [
      `Answer, word for word: "${result.answer}"`,
      `Confidence: ${percent(result.confidence)}`,
      ...result.citations.map((citation, i) => `Source [${i + 1}]: ${sourceInWords(citation)}`),
      ...(result.conflicting ? conflict(result.alternatives) : []),
      'Give this answer in these words and name its source.',
    ].join('\n');
  }
  const { reason, passagesRead, bestRejected } = result;
  return [
    reason === 'no-passages'
      ? 'No answer: nothing in the documents matches this question.'
      : `No answer: none of the ${passagesRead} passages read supports one.`,
    'Tell the user that the documents do not answer this. Do not answer from memory and do not guess.',
    ...(bestRejected === null ? [] : closest(bestRejected)),
  ].join('\n');
}

function conflict(alternatives: readonly Candidate[]): string[] {
  return [
    'The sources disagree. Another answer is nearly as sure:',
    ...alternatives
      .slice(0, 1)
      .flatMap(({ answer, citations }) => [
        `"${answer}"`,
        ...citations.slice(0, 1).map((citation) => `Source: ${sourceInWords(citation)}`),
      ]),
    'Tell the user both.',
  ];
}

function closest({ answer, citations: [citation] }: Candidate): string[] {
  return [
    `Closest, but rejected, so not the answer: "${answer}"`,
    ...(citation === undefined ? [] : [`It stands in: ${sourceInWords(citation)}`]),
  ];
}

/** Headings, file, page or line, and address; below them the sentence. */
function sourceInWords({ title, headings, documentId, page, line, uri, sentence }: Citation): string {
  const path = [...new Set([title, ...headings])].filter((part) => part !== '').join(' › ');
  const place = page === undefined ? (line === undefined ? '' : `, line ${line}`) : `, page ${page}`;
  const parts = [path, `${documentId}${place}`, uri === documentId ? '' : uri];
  return `${parts.filter((part) => part !== '').join('; ')}\n  "${sentence.text}"`;
}

function percent(confidence: number): string {
  return `${Math.round(100 * confidence)}%`;
}

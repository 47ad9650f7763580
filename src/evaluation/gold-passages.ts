import type { SourceDocument } from '../core/document.js';
import { normalizeAnswer } from '../core/normalize-answer.js';
import { wholePassage, type Passage } from '../core/passage.js';
import type { Span } from '../core/span.js';
import type { LabelledParagraph, LabelledQuestion } from '../ingest/index.js';

/** Where a labelled paragraph begins in a document of the corpus. */
export interface ParagraphPlace {
  readonly documentId: string;
  /** UTF-16 offset of the paragraph into the document's text. */
  readonly start: number;
}

/** The paragraphs of a labelled file as passages of their own: a corpus in which every gold passage is known. */
export function paragraphPassages(paragraphs: readonly LabelledParagraph[]): Passage[] {
  return paragraphs.map(({ title, text }, i) =>
    // The number keeps equal scores in the order of the file.
    wholePassage(`${title}#${String(i).padStart(6, '0')}`, text, { title: title.replaceAll('_', ' ') }),
  );
}

/**
 * Finds each labelled paragraph in a corpus, as an exact substring: in the document that its article is named after if
 * that holds it (versions of a page share paragraphs), else in the first document that does.
 *
 * @returns one place a paragraph, in their order; undefined where no document holds it.
 */
export function locateParagraphs(
  paragraphs: readonly LabelledParagraph[],
  documents: readonly Pick<SourceDocument, 'id' | 'title' | 'text'>[],
): (ParagraphPlace | undefined)[] {
  return paragraphs.map(({ title, text }) => {
    const namesake = documents.find(
      (document) => (document.id === title || document.title === title) && document.text.includes(text),
    );
    const document = namesake ?? documents.find((candidate) => candidate.text.includes(text));
    return document && { documentId: document.id, start: document.text.indexOf(text) };
  });
}

/** The gold answers that stand whole in a slice of a document, as UTF-16 spans of the slice. */
export function goldSpansIn(
  slice: Span & { readonly documentId: string },
  { answers }: Pick<LabelledQuestion, 'answers'>,
  place: ParagraphPlace,
): Span[] {
  if (slice.documentId !== place.documentId) return [];
  return answers
    .map(({ start, end }) => ({ start: place.start + start, end: place.start + end }))
    .filter(({ start, end }) => slice.start <= start && end <= slice.end)
    .map(({ start, end }) => ({ start: start - slice.start, end: end - slice.start }));
}

/** True if some gold answer stands in the text, both in the official normalisation, beginning and ending with a token. */
export function holdsGoldAnswer(text: string, { answers }: Pick<LabelledQuestion, 'answers'>): boolean {
  const tokens = ` ${normalizeAnswer(text)} `;
  return answers.some((answer) => {
    const sought = normalizeAnswer(answer.text);
    return sought !== '' && tokens.includes(` ${sought} `);
  });
}

import type { Citation } from '../core/citation.js';
import { anchorAt } from '../core/document.js';
import type { Passage } from '../core/passage.js';
import { sourceLink } from '../core/source-link.js';
import { overlaps, type Span } from '../core/span.js';
import { splitSentences } from '../core/text-units.js';

/**
 * Cites a span of a passage.
 *
 * @param span - UTF-16 offsets into the passage's text; the citation's offsets are the document's.
 */
export function cite(passage: Passage, span: Span): Citation {
  const start = passage.start + span.start;
  const anchor = anchorAt(passage.anchors, start);
  const sentence = surroundingSentence(passage.text, span);
  const quote = passage.text.slice(span.start, span.end);
  const link = sourceLink(passage.uri, {
    ...anchor,
    quote,
    before: passage.text.slice(0, span.start),
    after: passage.text.slice(span.end),
  });
  return {
    documentId: passage.documentId,
    title: passage.title,
    uri: passage.uri,
    ...(link === undefined ? {} : { link }),
    headings: passage.headings,
    ...(anchor?.page === undefined ? {} : { page: anchor.page }),
    ...(anchor?.line === undefined ? {} : { line: anchor.line }),
    start,
    end: passage.start + span.end,
    quote,
    sentence: {
      start: passage.start + sentence.start,
      end: passage.start + sentence.end,
      text: passage.text.slice(sentence.start, sentence.end),
    },
  };
}

/** From the first to the last sentence that the span touches. */
function surroundingSentence(text: string, span: Span): Span {
  const touched = splitSentences(text).filter((sentence) => overlaps(sentence, span));
  return {
    start: Math.min(span.start, touched[0]?.start ?? span.start),
    end: Math.max(span.end, touched.at(-1)?.end ?? span.end),
  };
}

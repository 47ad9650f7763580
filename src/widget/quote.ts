import type { Citation } from '../core/citation.js';
import type { Span } from '../core/span.js';
import { element } from './dom.js';

/**
 * The sentence of a citation with its quote marked, or the quote alone where it does not stand in the sentence. The paragraph takes the
 * direction of its own text, and lets none of it out.
 */
export function quoteInSentence({ start, end, quote, sentence }: Citation): HTMLParagraphElement {
  const span = { start: start - sentence.start, end: end - sentence.start };
  const stands = sentence.text.slice(span.start, span.end) === quote && span.start >= 0 && quote !== '';
  return stands ? markedText(sentence.text, [span]) : markedText(quote, [{ start: 0, end: quote.length }]);
}

/** A text with the spans marked that lie in it, one after the other; others are passed over. */
export function markedText(text: string, spans: readonly Span[]): HTMLParagraphElement {
  const paragraph = element('p', { class: 'source-text', dir: 'auto' });
  let written = 0;
  for (const { start, end } of spans) {
    if (start < written || end <= start || end > text.length) continue;
    paragraph.append(text.slice(written, start), element('mark', { part: 'mark' }, text.slice(start, end)));
    written = end;
  }
  paragraph.append(text.slice(written));
  return paragraph;
}

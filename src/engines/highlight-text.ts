import { looksLikeHtml } from './html-text.js';
import { SourceTextBuilder, type SourceText } from './source-text.js';
import { clipText, valueText } from './value-text.js';

export type Marks = readonly [before: string, after: string];

/** What engines put at the end of a fragment that they have cut. */
const CUT = /^…|…$/g;

/**
 * The text of a highlighting fragment. Where the stored value is at hand and holds it, the text is a part of that value's; else it is that
 * of the fragment itself, without its marks.
 */
export function fragmentText(
  fragment: string,
  item: number,
  stored: { readonly field: string; readonly values: readonly string[] },
  marks: Marks,
  html: boolean | 'detect',
): SourceText {
  const { field, values } = stored;
  const unmarked = withoutMarks(fragment, marks);
  const words = unmarked
    .map(({ text }) => text)
    .join('')
    .replaceAll(CUT, '');
  const holder = values.findIndex((value) => words !== '' && value.includes(words));
  const value = values[holder];
  if (value !== undefined) {
    const at = value.indexOf(words);
    return clipText(valueText(value, { field, item: holder, from: 'field' }, html), at, at + words.length);
  }
  const source = { field, item, from: 'highlight' } as const;
  if (html !== false && marks.some(looksLikeHtml)) return valueText(fragment, source, 'detect');
  const builder = new SourceTextBuilder();
  for (const { text, start } of unmarked)
    builder.append(text, { ...source, sourceStart: start, sourceEnd: start + text.length });
  return builder.build();
}

function withoutMarks(fragment: string, marks: Marks): { text: string; start: number }[] {
  const parts: { text: string; start: number }[] = [];
  for (let start = 0; start <= fragment.length;) {
    const found = marks
      .map((mark) => ({ at: mark === '' ? -1 : fragment.indexOf(mark, start), length: mark.length }))
      .filter(({ at }) => at !== -1)
      .sort((a, b) => a.at - b.at)[0];
    const end = found?.at ?? fragment.length;
    if (end > start) parts.push({ text: fragment.slice(start, end), start });
    start = end + (found?.length ?? 1);
  }
  return parts;
}

import { anchorsWithin, type Block, type SourceDocument } from '../core/document.js';
import { requireInteger } from '../core/errors.js';
import type { Passage } from '../core/passage.js';
import type { Span } from '../core/span.js';
import { splitSentences, splitWords } from '../core/text-units.js';

export interface PassageOptions {
  /** Words of a passage at most, at least 1; only a longer "word" makes a longer passage. @defaultValue 100 */
  readonly maxWords: number;
  /** Words that a passage repeats, at most, from the end of the one before it; less than `maxWords`. @defaultValue 30 */
  readonly overlapWords: number;
}

/** Passages of about 100 words that overlap beat paragraphs for reading (Wang et al. 2019, arXiv 1908.08167). */
export const DEFAULT_PASSAGES: PassageOptions = Object.freeze({ maxWords: 100, overlapWords: 30 });

/** @throws VerbatimError `invalid-option` for sizes out of range. */
export function checkPassageOptions(options: Partial<PassageOptions> = {}): PassageOptions {
  const maxWords = requireInteger('maxWords', options.maxWords ?? DEFAULT_PASSAGES.maxWords, 1);
  const fallback = Math.min(DEFAULT_PASSAGES.overlapWords, maxWords - 1);
  return {
    maxWords,
    overlapWords: requireInteger('overlapWords', options.overlapWords ?? fallback, 0, maxWords - 1),
  };
}

interface Unit extends Span {
  readonly words: number;
}

/**
 * Cuts a document into passages: whole sentences (table rows, lines of code) of one section, as many as fit, each
 * passage beginning with the last sentences of the one before it. Headings are no passages of their own: they travel
 * as the passages' `headings`. A document of headings alone gives one passage of its text, so that nothing is lost.
 */
export function splitPassages(document: SourceDocument, options: Partial<PassageOptions> = {}): Passage[] {
  const { maxWords, overlapWords } = checkPassageOptions(options);
  const passages: Passage[] = [];
  for (const section of sections(document)) {
    const units = section.blocks.flatMap((block) => unitsOf(document.text, block, maxWords));
    for (const { start, end } of packUnits(units, maxWords, overlapWords)) {
      passages.push({
        id: `${document.id}#${start}-${end}`,
        documentId: document.id,
        title: document.title,
        uri: document.uri,
        ...(document.metadata === undefined ? {} : { metadata: document.metadata }),
        headings: section.headings,
        start,
        end,
        text: document.text.slice(start, end),
        anchors: anchorsWithin(document.anchors, { start, end }),
      });
    }
  }
  return passages;
}

/** Runs of blocks under the same headings; a heading always ends one, even if the next has the same text. */
function sections(document: SourceDocument): { headings: readonly string[]; blocks: Block[] }[] {
  const result: { headings: readonly string[]; blocks: Block[] }[] = [];
  const onlyHeadings = document.blocks.every((block) => block.kind === 'heading');
  let open: (typeof result)[number] | undefined;
  for (const block of document.blocks) {
    if (block.kind === 'heading' && !onlyHeadings) {
      open = undefined;
    } else if (open !== undefined && sameHeadings(open.headings, block.headings)) {
      open.blocks.push(block);
    } else {
      open = { headings: block.headings, blocks: [block] };
      result.push(open);
    }
  }
  return result;
}

function sameHeadings(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((heading, i) => heading === b[i]);
}

/** The sentences of a block; one longer than a passage is cut between words. */
function unitsOf(text: string, block: Block, maxWords: number): Unit[] {
  const slice = text.slice(block.start, block.end);
  const spans = block.kind === 'table-row' ? [{ start: 0, end: slice.length }] : splitSentences(slice);
  return spans.flatMap((span) => {
    const words = splitWords(slice.slice(span.start, span.end));
    const units: Unit[] = [];
    for (let i = 0; i < words.length; i += maxWords) {
      const part = words.slice(i, i + maxWords);
      const first = part[0];
      const last = part.at(-1);
      if (first === undefined || last === undefined) continue;
      const offset = block.start + span.start;
      units.push({ start: offset + first.start, end: offset + last.end, words: part.length });
    }
    return units;
  });
}

/** Fills passages with units up to `maxWords`; each repeats at most `overlapWords` of the one before. */
function packUnits(units: readonly Unit[], maxWords: number, overlapWords: number): Span[] {
  const spans: Span[] = [];
  let first = 0;
  while (first < units.length) {
    let words = 0;
    let end = first;
    for (
      let unit = units[end];
      unit !== undefined && (end === first || words + unit.words <= maxWords);
      unit = units[end]
    ) {
      words += unit.words;
      end++;
    }
    const firstUnit = units[first];
    const lastUnit = units[end - 1];
    if (firstUnit === undefined || lastUnit === undefined) break;
    spans.push({ start: firstUnit.start, end: lastUnit.end });
    if (end === units.length) break;
    // Step back over the units to repeat, but always move on, and leave room for the next unit.
    const next = units[end];
    let start = end;
    let repeated = 0;
    for (let unit = units[start - 1]; unit !== undefined && start - 1 > first; unit = units[start - 1]) {
      repeated += unit.words;
      if (repeated > overlapWords || repeated + (next?.words ?? 0) > maxWords) break;
      start--;
    }
    first = start;
  }
  return spans;
}

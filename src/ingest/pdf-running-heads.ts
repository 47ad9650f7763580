import type { PdfLine } from './pdf-paragraphs.js';

/** On how many pages a line must stand to be a running head: few texts begin three pages with the same words. */
const MIN_PAGES = 3;
/** On a page with fewer lines the first and the last may be all there is to read. */
const MIN_LINES = 3;

/**
 * The pages without running heads and page numbers: first and last lines that, numbers aside, are the first or last of at least two
 * other pages as well.
 */
export function withoutRunningHeads(pages: readonly PdfLine[][]): PdfLine[][] {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    for (const key of new Set(edgesOf(lines).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return pages.map((lines) => {
    const edges = edgesOf(lines).filter((line) => (counts.get(keyOf(line)) ?? 0) >= MIN_PAGES);
    return lines.filter((line) => !edges.includes(line));
  });
}

function edgesOf(lines: readonly PdfLine[]): PdfLine[] {
  return lines.length < MIN_LINES ? [] : [...lines.slice(0, 1), ...lines.slice(-1)];
}

function keyOf({ text }: PdfLine): string {
  return text.replaceAll(/\p{N}+/gu, '#');
}

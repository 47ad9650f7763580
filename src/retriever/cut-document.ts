import { anchorsWithin, type Block, type SourceDocument } from '../core/document.js';
import type { Passage } from '../core/passage.js';

/** A passage of a document, as it is stored: `block` is the index of its first block, which has its headings. */
export type PassageCut = readonly [start: number, end: number, block: number];

/** A document and the passages that it was cut into. */
export interface CutDocument {
  readonly document: SourceDocument;
  readonly passages: readonly PassageCut[];
}

/** Where passages were cut out of a document, in their order. */
export function cutsOf(
  blocks: readonly Block[],
  passages: readonly Pick<Passage, 'start' | 'end'>[],
): PassageCut[] {
  let block = 0;
  return passages.map(({ start, end }): PassageCut => {
    while ((blocks[block]?.end ?? Infinity) <= start) block++;
    // An overlapping passage may begin before the one ahead of it.
    while ((blocks[block]?.start ?? 0) > start) block--;
    return [start, end, block];
  });
}

/** One passage of a document, by its number in it. */
export function passageOf({ document, passages }: CutDocument, index: number): Passage {
  const [start, end, block] = passages[index] ?? [0, 0, 0];
  const { id, title, uri, metadata, text, blocks, anchors } = document;
  return {
    id: `${id}#${start}-${end}`,
    documentId: id,
    title,
    uri,
    ...(metadata === undefined ? {} : { metadata }),
    headings: blocks[block]?.headings ?? [],
    start,
    end,
    text: text.slice(start, end),
    anchors: anchorsWithin(anchors, { start, end }),
  };
}

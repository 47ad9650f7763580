import type { Block, BlockKind, DocumentMetadata, SourceAnchor, SourceDocument } from '../core/document.js';
import { VerbatimError } from '../core/errors.js';
import { quotePath } from './quote-path.js';

/** What a loader knows about a document beside its text. */
export interface DocumentIdentity {
  readonly id: string;
  readonly title: string;
  readonly uri: string;
  readonly metadata?: DocumentMetadata;
}

/** Where a stretch of text stands in the source. */
export type SourcePlace = Omit<SourceAnchor, 'start'>;

/** Column names stand in every row: a small file with a huge name and many rows would fill any memory. */
const MAX_TEXT_LENGTH = 200_000_000;

/** Collects extracted text block by block, with the place in the source of every stretch. */
export class DocumentBuilder {
  readonly #name: string;
  #text = '';
  readonly #blocks: Block[] = [];
  readonly #anchors: SourceAnchor[] = [];
  #open: { start: number; kind: BlockKind; headings: readonly string[] } | undefined;

  /** @param name - names the document in errors. */
  constructor(name: string) {
    this.#name = name;
  }

  /** True between `openBlock` and `closeBlock`. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Begins a block; blocks are separated by an empty line. */
  openBlock(kind: BlockKind, headings: readonly string[]): void {
    this.closeBlock();
    this.#open = { start: this.#text === '' ? 0 : this.#text.length + 2, kind, headings };
  }

  /**
   * Adds text to the open block.
   *
   * @param place - where the text begins in the source; a line moves on with every line break in the text. Without it the text
   * stands where the text before it does.
   * @throws VerbatimError `file-too-large` if the text outgrows memory.
   */
  append(text: string, place: SourcePlace | undefined): void {
    if (text === '' || this.#open === undefined) return;
    if (this.#text !== '' && this.#text.length < this.#open.start) this.#text += '\n\n';
    if (this.#text.length + text.length > MAX_TEXT_LENGTH) {
      throw new VerbatimError(
        'file-too-large',
        `Expected ${quotePath(this.#name)} to have at most ${MAX_TEXT_LENGTH} characters once its tables are written out, got more.`,
      );
    }
    if (place !== undefined) this.#anchorLines(text, place);
    this.#text += text;
  }

  /** Ends the open block; one without text leaves no trace. */
  closeBlock(): void {
    if (this.#open !== undefined && this.#text.length > this.#open.start) {
      this.#blocks.push({ ...this.#open, end: this.#text.length });
    }
    this.#open = undefined;
  }

  build(identity: DocumentIdentity): SourceDocument {
    this.closeBlock();
    // After a line break at the very end nothing stands on the next line.
    if (this.#anchors.at(-1)?.start === this.#text.length) this.#anchors.pop();
    return { ...identity, text: this.#text, blocks: this.#blocks, anchors: this.#anchors };
  }

  #anchorLines(text: string, place: SourcePlace): void {
    this.#anchor({ start: this.#text.length, ...place });
    if (place.line === undefined) return;
    let line = place.line;
    for (const match of text.matchAll(/\r\n|\n|\r/g)) {
      this.#anchor({ ...place, start: this.#text.length + match.index + match[0].length, line: ++line });
    }
  }

  #anchor(anchor: SourceAnchor): void {
    if (this.#anchors.at(-1)?.start === anchor.start) this.#anchors.pop();
    const last = this.#anchors.at(-1);
    if (last?.line === anchor.line && last?.page === anchor.page && last?.fragment === anchor.fragment)
      return;
    this.#anchors.push(anchor);
  }
}

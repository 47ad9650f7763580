import type { Block, BlockKind, SourceAnchor, SourceDocument } from '../core/document.js';

/** What a loader knows about a document beside its text. */
export interface DocumentIdentity {
  readonly id: string;
  readonly title: string;
  readonly uri: string;
}

/** Collects extracted text block by block, with the source line of every stretch. */
export class DocumentBuilder {
  #text = '';
  readonly #blocks: Block[] = [];
  readonly #anchors: SourceAnchor[] = [];
  #open: { start: number; kind: BlockKind; headings: readonly string[] } | undefined;

  /** Begins a block; blocks are separated by an empty line. */
  openBlock(kind: BlockKind, headings: readonly string[]): void {
    this.closeBlock();
    this.#open = { start: this.#text === '' ? 0 : this.#text.length + 2, kind, headings };
  }

  /**
   * Adds text to the open block.
   *
   * @param line - source line on which the text stands, from 1; it moves on with every line break in the text.
   */
  append(text: string, line: number | undefined): void {
    if (text === '' || this.#open === undefined) return;
    if (this.#text !== '' && this.#text.length < this.#open.start) this.#text += '\n\n';
    if (line !== undefined) {
      this.#anchor(this.#text.length, line);
      for (const match of text.matchAll(/\r\n|\n|\r/g)) {
        this.#anchor(this.#text.length + match.index + match[0].length, ++line);
      }
    }
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
    return { ...identity, text: this.#text, blocks: this.#blocks, anchors: this.#anchors };
  }

  #anchor(start: number, line: number): void {
    const last = this.#anchors.at(-1);
    if (last?.line === line) return;
    if (last?.start === start) this.#anchors.pop();
    this.#anchors.push({ start, line });
  }
}

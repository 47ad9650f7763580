import { defaultTreeAdapter } from 'parse5';
import type { BlockKind } from '../core/document.js';
import { DocumentBuilder, type SourcePlace } from './document-builder.js';
import { isLeftOut } from './html-content.js';
import { readHtmlTable, type HtmlTable } from './html-table.js';
import { attribute, isElement, isNamed, walkHtml, type HtmlElement, type HtmlNode } from './html-tree.js';

/** Elements that begin and end a line, as browsers show them. */
export const BLOCKS = new Set(
  (
    'address article blockquote body caption center dd details dialog div dl dt fieldset figcaption figure form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
);
const BODY = new Set(['body']);
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const LIST_ITEMS = new Set(['li', 'dt', 'dd']);
const SECTIONS = new Set(['section', 'article']);
export const PRE = new Set(['pre']);
const TABLE = new Set(['table']);
const HEADER = new Set(['header']);
const BREAK = new Set(['br']);
const IMAGE = new Set(['img']);

/** A part of the page that a link can point to: a heading's or a section's. */
interface Target {
  /** Its id, or that of the target around it. */
  readonly fragment: string | undefined;
  /** Counts on through the page: of two targets the one that began later is nearer. */
  readonly order: number;
}

interface Heading extends Target {
  readonly depth: number;
  text: string;
}

/** Reads a part of a page into blocks of text, white space collapsed as in a browser. */
export class HtmlExtraction {
  readonly builder: DocumentBuilder;
  firstHeading: string | undefined;
  /** The headings above, outermost first. */
  #path: Heading[] = [];
  /** The sections and articles around, outermost first. */
  readonly #sections: Target[] = [];
  /** The kinds of text that the elements around ask for, outermost first. */
  readonly #kinds: BlockKind[] = [];
  #order = 0;
  #openHeading: { readonly element: HtmlElement; readonly heading: Heading } | undefined;
  /** True inside a table's row, which is one block, as a heading is. */
  #inRow = false;
  /** How many headers of articles are open. Only headings are read from them: the rest is bylines and buttons. */
  #headers = 0;
  /** White space that is written if more text follows in the block. */
  #pending: '' | ' ' | '\n' = '';
  #isBlockEmpty = true;

  constructor(name: string) {
    this.builder = new DocumentBuilder(name);
  }

  read(root: HtmlElement): void {
    if (!isNamed(root, BODY)) this.#enterSection(root);
    this.#walk(root.childNodes);
    this.#endBlock();
  }

  #walk(nodes: readonly HtmlNode[]): void {
    walkHtml(nodes, { enter: (node) => this.#enter(node), leave: (element) => this.#leave(element) });
  }

  #enter(node: HtmlNode): boolean {
    const line = node.sourceCodeLocation?.startLine;
    if (defaultTreeAdapter.isTextNode(node)) this.#read(node.value, line);
    if (!isElement(node) || isLeftOut(node)) return false;
    if (isNamed(node, BREAK)) this.#break();
    if (isNamed(node, IMAGE)) this.#read(attribute(node, 'alt') ?? '', line);
    return isNamed(node, BLOCKS) ? this.#enterBlock(node) : true;
  }

  #enterBlock(element: HtmlElement): boolean {
    // The header of a page names the site; that of an article has its title.
    if (isNamed(element, HEADER) && this.#sections.length === 0) return false;
    this.#endBlock();
    if (this.#isFlat()) return true;
    const table = isNamed(element, TABLE) && this.#headers === 0 ? readHtmlTable(element) : undefined;
    if (table !== undefined) {
      this.#readTable(table);
      return false;
    }
    if (isNamed(element, HEADER)) this.#headers++;
    if (isNamed(element, SECTIONS)) this.#enterSection(element);
    if (isNamed(element, LIST_ITEMS)) this.#kinds.push('list-item');
    if (isNamed(element, PRE)) this.#kinds.push('code');
    if (isNamed(element, HEADINGS)) this.#enterHeading(element);
    return true;
  }

  #leave(element: HtmlElement): void {
    if (!isNamed(element, BLOCKS)) return;
    if (this.#openHeading?.element === element) this.#leaveHeading(this.#openHeading.heading);
    this.#endBlock();
    if (this.#isFlat()) return;
    if (isNamed(element, HEADER)) this.#headers--;
    if (isNamed(element, SECTIONS)) this.#sections.pop();
    if (isNamed(element, LIST_ITEMS) || isNamed(element, PRE)) this.#kinds.pop();
  }

  #enterSection(element: HtmlElement): void {
    this.#sections.push(this.#target(attribute(element, 'id')));
  }

  #enterHeading(element: HtmlElement): void {
    const depth = Number(element.tagName.slice(1));
    this.#path = this.#path.filter((heading) => heading.depth < depth);
    // Some pages put the id on an empty link inside.
    const ids = [element, ...element.childNodes.filter(isElement)].map((node) => attribute(node, 'id'));
    const target = this.#target(ids.find((id) => id !== undefined));
    this.#openHeading = { element, heading: { ...target, depth, text: '' } };
    this.#openBlock('heading');
  }

  #leaveHeading(heading: Heading): void {
    this.#openHeading = undefined;
    if (heading.text === '') return;
    if (heading.depth === 1) this.firstHeading ??= heading.text;
    this.#path.push(heading);
  }

  #readTable({ caption, rows }: HtmlTable): void {
    if (caption !== undefined) this.#walk(caption.childNodes);
    this.#endBlock();
    for (const row of rows) {
      this.#openBlock('table-row');
      this.#inRow = true;
      row.forEach(({ element, column }, i) => {
        const label = (i === 0 ? '' : '; ') + (column === '' ? '' : `${column}: `);
        this.builder.append(label, this.#place(element.sourceCodeLocation?.startLine));
        this.#pending = '';
        this.#isBlockEmpty = true;
        this.#walk(element.childNodes);
      });
      this.#inRow = false;
      this.#endBlock();
    }
  }

  #read(value: string, line: number | undefined): void {
    if (this.#headers > 0 && this.#openHeading === undefined) return;
    // Browsers show a soft hyphen only where they break a line.
    const text = value.replaceAll('\u00ad', '');
    if (this.#kinds.at(-1) === 'code' && !this.#isFlat()) {
      if (this.builder.isOpen || text.trim() !== '') this.#append(text, line);
      return;
    }
    text.split('\n').forEach((part, i) => {
      const collapsed = part.replaceAll(/[ \t\f\r]+/g, ' ');
      if (i > 0 || collapsed.startsWith(' ')) this.#pending ||= ' ';
      const words = collapsed.replaceAll(/^ | $/g, '');
      if (words !== '') this.#append(words, line === undefined ? undefined : line + i);
      if (words !== '' && collapsed.endsWith(' ')) this.#pending = ' ';
    });
  }

  #append(text: string, line: number | undefined): void {
    if (!this.builder.isOpen) this.#openBlock(this.#kinds.at(-1) ?? 'paragraph');
    const space = this.#isBlockEmpty ? '' : this.#pending;
    this.builder.append(space, undefined);
    this.builder.append(text, this.#place(line));
    if (this.#openHeading !== undefined) this.#openHeading.heading.text += space + text;
    this.#pending = '';
    this.#isBlockEmpty = false;
  }

  #break(): void {
    if (this.#isFlat()) this.#pending = ' ';
    // Two breaks in a row part paragraphs.
    else if (this.#pending === '\n') this.#endBlock();
    else this.#pending = '\n';
  }

  #openBlock(kind: BlockKind): void {
    this.builder.openBlock(
      kind,
      this.#path.map((heading) => heading.text),
    );
    this.#pending = '';
    this.#isBlockEmpty = true;
  }

  /** Ends the block; inside a heading or a row, which are one block, only the word. */
  #endBlock(): void {
    if (this.#isFlat()) {
      this.#pending = ' ';
    } else {
      this.builder.closeBlock();
      this.#pending = '';
    }
  }

  #isFlat(): boolean {
    return this.#inRow || this.#openHeading !== undefined;
  }

  #target(id: string | undefined): Target {
    return { fragment: id === undefined || id === '' ? this.#nearest() : id, order: this.#order++ };
  }

  #nearest(): string | undefined {
    const section = this.#sections.at(-1);
    const heading = this.#openHeading?.heading ?? this.#path.at(-1);
    return (heading?.order ?? -1) > (section?.order ?? -1) ? heading?.fragment : section?.fragment;
  }

  #place(line: number | undefined): SourcePlace {
    const fragment = this.#nearest();
    return {
      ...(line === undefined ? {} : { line }),
      ...(fragment === undefined ? {} : { fragment }),
    };
  }
}

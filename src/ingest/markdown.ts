import type { Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString } from 'mdast-util-to-string';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { parse as parseYaml } from 'yaml';
import type { DocumentMetadata, SourceDocument } from '../core/document.js';
import { DocumentBuilder, type DocumentIdentity, type SourcePlace } from './document-builder.js';
import { HeadingSlugs } from './heading-slugs.js';
import { readMetadata } from './metadata.js';

/**
 * Reads CommonMark with GitHub's extensions as plain text: markup, comments and raw HTML are left out, headings
 * become the path of what stands below them, and a table row becomes `column: cell; column: cell`.
 *
 * YAML front matter may give `title`, `uri`, `tags` (a list, or a string with commas) and `date` (ISO 8601); without a title there
 * it is the first level-one heading or the given one. Anchors carry the slug of the heading above, as GitHub makes it.
 */
export function readMarkdown(source: string, identity: DocumentIdentity): SourceDocument {
  const root = fromMarkdown(source, {
    extensions: [gfm(), frontmatter(['yaml'])],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml'])],
  });
  const extraction = new MarkdownExtraction(identity.id);
  extraction.readAll(root.children, 'paragraph');
  const meta = readFrontMatter(root.children);
  return extraction.builder.build({
    ...identity,
    ...meta,
    title: meta.title ?? extraction.firstHeading ?? identity.title,
  });
}

interface FrontMatter {
  readonly title?: string;
  readonly uri?: string;
  readonly metadata?: DocumentMetadata;
}

function readFrontMatter(nodes: readonly RootContent[]): FrontMatter {
  const yaml = nodes[0]?.type === 'yaml' ? nodes[0].value : '';
  let values: unknown;
  try {
    values = parseYaml(yaml);
  } catch {
    // Damaged front matter hides the title, not the document.
  }
  if (typeof values !== 'object' || values === null) return {};
  const { title, uri, tags, date } = values as Record<string, unknown>;
  const metadata = readMetadata(tags, date);
  return {
    ...(typeof title === 'string' && title.trim() !== '' ? { title } : {}),
    ...(typeof uri === 'string' && uri.trim() !== '' ? { uri } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

class MarkdownExtraction {
  readonly builder: DocumentBuilder;
  firstHeading: string | undefined;
  /** The open headings and their levels, outermost first. */
  #path: { depth: number; text: string }[] = [];
  readonly #slugs = new HeadingSlugs();
  /** Slug of the last heading. */
  #fragment: string | undefined;

  constructor(name: string) {
    this.builder = new DocumentBuilder(name);
  }

  readAll(nodes: readonly RootContent[], kind: 'paragraph' | 'list-item'): void {
    for (const node of nodes) this.#read(node, kind);
  }

  #read(node: RootContent, kind: 'paragraph' | 'list-item'): void {
    switch (node.type) {
      case 'heading': {
        const text = toString(node).trim();
        this.#path = this.#path.filter((open) => open.depth < node.depth);
        this.#fragment = this.#slugs.next(text);
        this.#block('heading', node.children);
        if (node.depth === 1) this.firstHeading ??= text;
        this.#path.push({ depth: node.depth, text });
        break;
      }
      case 'paragraph':
        this.#block(kind, node.children);
        break;
      case 'code':
        this.builder.openBlock('code', this.#headings());
        // The first line of a fenced block is the fence.
        this.builder.append(node.value, this.#place(node, 1));
        break;
      case 'table':
        this.#table(node);
        break;
      case 'list':
        for (const item of node.children) this.readAll(item.children, 'list-item');
        break;
      case 'blockquote':
      case 'footnoteDefinition':
        this.readAll(node.children, kind);
        break;
      default:
        break;
    }
  }

  #block(kind: 'heading' | 'paragraph' | 'list-item', children: readonly PhrasingContent[]): void {
    this.builder.openBlock(kind, this.#headings());
    for (const child of children) this.#phrase(child);
  }

  #table(table: Table): void {
    const [header, ...rows] = table.children;
    const columns = header?.children.map((cell) => toString(cell).trim()) ?? [];
    for (const row of rows) {
      this.builder.openBlock('table-row', this.#headings());
      row.children.forEach((cell, i) => {
        const column = columns[i] ?? '';
        const label = (i === 0 ? '' : '; ') + (column === '' ? '' : `${column}: `);
        this.builder.append(label, this.#place(cell));
        for (const child of cell.children) this.#phrase(child);
      });
    }
  }

  #phrase(node: PhrasingContent): void {
    if (node.type === 'text') {
      // A soft line break reads as a space; the text after it stands on the next line of the source.
      node.value.split(/\r\n|\n|\r/).forEach((part, i) => {
        this.builder.append(i === 0 ? part : ` ${part}`, this.#place(node, i));
      });
    } else if (node.type === 'inlineCode') {
      this.builder.append(node.value, this.#place(node));
    } else if (node.type === 'image' || node.type === 'imageReference') {
      this.builder.append(node.alt ?? '', this.#place(node));
    } else if (node.type === 'break') {
      this.builder.append('\n', undefined);
    } else if ('children' in node) {
      for (const child of node.children) this.#phrase(child);
    }
  }

  #headings(): string[] {
    return this.#path.map((open) => open.text);
  }

  /** Where a node stands, so many lines below its first. */
  #place(node: Nodes, skipped = 0): SourcePlace | undefined {
    if (node.position === undefined) return undefined;
    const line = node.position.start.line + skipped;
    return this.#fragment === undefined ? { line } : { line, fragment: this.#fragment };
  }
}

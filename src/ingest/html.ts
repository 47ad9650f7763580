import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { SourceDocument } from '../core/document.js';
import { VerbatimError } from '../core/errors.js';
import type { DocumentIdentity } from './document-builder.js';
import { mainContent, textOf } from './html-content.js';
import { HtmlExtraction } from './html-extraction.js';
import {
  attribute,
  boundedTreeAdapter,
  findElement,
  isElement,
  isNamed,
  type HtmlElement,
} from './html-tree.js';
import { readMetadata } from './metadata.js';
import { quotePath } from './quote-path.js';

/** An element takes about a kilobyte of memory, and a tag of three bytes can make several. */
const MAX_ELEMENTS = 500_000;

const HEAD = new Set(['head']);
const TITLE = new Set(['title']);

/**
 * Reads a web page as plain text: its main content (`main`, else the only `article`, else the body) without navigation, forms,
 * scripts and what is hidden. Headings become the path of what stands below them, a table row becomes `column: cell; column: cell`.
 * Anchors carry the line of the source and the id of the nearest heading or section.
 *
 * The title is that of the page, else its first level-one heading, else the given one. The uri is the canonical one, else the base,
 * where it is absolute. Tags are `keywords` and `article:tag`, the date `article:modified_time` or else `article:published_time`.
 *
 * @param name - path of the file, for errors.
 * @throws VerbatimError `file-too-large` for more than 500,000 elements.
 */
export function readHtml(source: string, identity: DocumentIdentity, name: string): SourceDocument {
  const nodes = parsePage(source, name).childNodes;
  const root = mainContent(nodes);
  const extraction = new HtmlExtraction(name);
  if (root !== undefined) extraction.read(root);
  const head = findElement(nodes, (element) => isNamed(element, HEAD))?.childNodes.filter(isElement) ?? [];
  const metadata = readHead(head) ?? identity.metadata;
  const titles = head.filter((element) => isNamed(element, TITLE)).map(textOf);
  return extraction.builder.build({
    id: identity.id,
    title: titles.find((title) => title !== '') ?? extraction.firstHeading ?? identity.title,
    uri: pageUri(head) ?? identity.uri,
    ...(metadata === undefined ? {} : { metadata }),
  });
}

function parsePage(source: string, name: string): Tree.Document {
  const refuse = (): Error =>
    new VerbatimError(
      'file-too-large',
      `Expected ${quotePath(name)} to have at most ${MAX_ELEMENTS} elements, got more.`,
    );
  return parse(source, {
    sourceCodeLocationInfo: true,
    treeAdapter: boundedTreeAdapter(MAX_ELEMENTS, refuse),
  });
}

function pageUri(head: readonly HtmlElement[]): string | undefined {
  const canonical = head.find(
    (element) =>
      element.tagName === 'link' && attribute(element, 'rel')?.trim().toLowerCase() === 'canonical',
  );
  const base = head.find((element) => element.tagName === 'base');
  return [canonical, base]
    .map((element) => element && attribute(element, 'href')?.trim())
    .find((href) => href !== undefined && /^https?:\/\//i.test(href) && URL.canParse(href));
}

function readHead(head: readonly HtmlElement[]): SourceDocument['metadata'] {
  const metas = head.filter((element) => element.tagName === 'meta');
  const contents = (name: string): string[] =>
    metas
      .filter((meta) => (attribute(meta, 'property') ?? attribute(meta, 'name'))?.toLowerCase() === name)
      .map((meta) => attribute(meta, 'content') ?? '');
  const tags = [
    ...contents('keywords').flatMap((keywords) => keywords.split(',')),
    ...contents('article:tag'),
  ];
  const [date] = [...contents('article:modified_time'), ...contents('article:published_time')];
  return readMetadata(tags, date);
}

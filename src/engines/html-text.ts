import { defaultTreeAdapter, parseFragment } from 'parse5';
import { VerbatimError } from '../core/errors.js';
import { isLeftOut } from '../ingest/html-content.js';
import { BLOCKS, PRE } from '../ingest/html-extraction.js';
import { boundedTreeAdapter, isElement, isNamed, walkHtml, type HtmlNode } from '../ingest/html-tree.js';

/** Takes the text of a page in order. */
export interface TextSink {
  /** A stretch of text, and where it stands in the source. */
  append(text: string, sourceStart: number, sourceEnd: number): void;
  /** White space that no single place of the source stands for. */
  separate(separator: string): void;
}

/** Tags that somebody writes for others to see, and what begins a page. `List<String>` and `a < b` hold none. */
const TAG =
  /<(?:!--|!doctype\b|\/?(?:a|abbr|article|b|blockquote|body|br|caption|code|dd|div|dl|dt|em|figure|font|h[1-6]|head|hr|html|i|img|kbd|li|main|mark|ol|p|pre|q|s|section|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>)/i;

/** A field is read while a search waits: with more elements it would take a second. */
const MAX_ELEMENTS = 50_000;

const REFERENCE = /&(?:#x[\da-f]+|#\d+|[a-z][\da-z]*);?/gi;
const REFERENCE_OR_TAG = new RegExp(`${REFERENCE.source}|</?[a-z!][^>]*>`, 'gi');
const CELLS = new Set(['td', 'th']);
const LINES = new Set(['br', 'dd', 'dt', 'li', 'tr']);
/** Runs of white space, of soft hyphens, which are not shown, and of everything else. */
const RUNS = /[ \t\n\f\r]+|\u00ad+|[^ \t\n\f\r\u00ad]+/g;

const WIDER = ['', ' ', '\n', '\n\n'];

/** Whether a text is written in HTML, as far as its tags tell. */
export function looksLikeHtml(text: string): boolean {
  return TAG.test(text);
}

/**
 * Reads the text that a browser would show of a stretch of HTML, white space collapsed, and where each word of it stands in the source.
 *
 * @throws VerbatimError `file-too-large` for more than 50,000 elements.
 */
export function readHtmlText(source: string, sink: TextSink): void {
  const refuse = (): Error => new VerbatimError('file-too-large', 'Expected fewer elements in a field.');
  const tree = parseFragment(source, {
    sourceCodeLocationInfo: true,
    treeAdapter: boundedTreeAdapter(MAX_ELEMENTS, refuse),
  });
  let pending = '';
  let preformatted = 0;
  let isEmpty = true;
  const wait = (separator: string): void => {
    if (WIDER.indexOf(separator) > WIDER.indexOf(pending)) pending = separator;
  };
  const read = (text: string, start: number, end: number): void => {
    const isVerbatim = end - start === text.length;
    for (const { 0: run, index } of text.matchAll(RUNS)) {
      if (run.startsWith('\u00ad')) continue;
      if (preformatted === 0 && /^[ \t\n\f\r]/.test(run)) {
        wait(' ');
        continue;
      }
      if (!isEmpty) sink.separate(pending);
      pending = '';
      isEmpty = false;
      sink.append(run, isVerbatim ? start + index : start, isVerbatim ? start + index + run.length : end);
    }
  };
  walkHtml(tree.childNodes, {
    enter: (node) => {
      if (defaultTreeAdapter.isTextNode(node)) {
        const place = node.sourceCodeLocation;
        for (const part of place ? textParts(source, node.value, place.startOffset, place.endOffset) : [])
          read(part.text, part.start, part.end);
      }
      if (!isElement(node) || isLeftOut(node)) return false;
      wait(separatorOf(node));
      if (isNamed(node, PRE)) preformatted++;
      return true;
    },
    leave: (element) => {
      if (isNamed(element, PRE)) preformatted--;
      wait(separatorOf(element));
    },
  });
}

function separatorOf(node: HtmlNode): string {
  if (isNamed(node, CELLS)) return ' ';
  if (isNamed(node, LINES)) return '\n';
  return isNamed(node, BLOCKS) ? '\n\n' : '';
}

interface TextPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A text node's value, cut where something else in the source stands for what it shows. */
function textParts(source: string, value: string, start: number, end: number): TextPart[] {
  // Tags stand in the middle of a text where the parser has passed over them.
  for (const other of [REFERENCE, REFERENCE_OR_TAG]) {
    const parts = cutAt(other, source, start, end);
    if (sameButLineEnds(parts.map(({ text }) => text).join(''), value)) return parts;
  }
  // Where it has moved or mended more, only the place of the whole node is known.
  return [{ text: value, start, end }];
}

function cutAt(pattern: RegExp, source: string, start: number, end: number): TextPart[] {
  const parts: TextPart[] = [];
  let next = start;
  for (const { 0: found, index } of source.slice(start, end).matchAll(pattern)) {
    const text = found.startsWith('<') ? '' : decode(found);
    if (text === found) continue;
    parts.push({ text: source.slice(next, start + index), start: next, end: start + index });
    next = start + index + found.length;
    parts.push({ text, start: start + index, end: next });
  }
  parts.push({ text: source.slice(next, end), start: next, end });
  return parts;
}

function sameButLineEnds(text: string, value: string): boolean {
  return text === value || text.replaceAll(/\r\n?/g, '\n') === value;
}

function decode(reference: string): string {
  const [node] = parseFragment(reference).childNodes;
  return node !== undefined && defaultTreeAdapter.isTextNode(node) ? node.value : reference;
}

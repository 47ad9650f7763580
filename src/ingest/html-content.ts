import { defaultTreeAdapter } from 'parse5';
import {
  attribute,
  findElement,
  isElement,
  isNamed,
  roleOf,
  walkHtml,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.js';

/** What is no text of the page: code, navigation, controls, pictures, and readings above other text. */
const LEFT_OUT = new Set(
  (
    'script style template noscript head title nav footer aside search button input select textarea datalist option ' +
    'iframe object embed canvas audio video map svg rt rp annotation annotation-xml'
  ).split(' '),
);
const LEFT_OUT_ROLES = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'complementary',
  'search',
  'doc-backlink',
  'doc-noteref',
]);
const HIDING_STYLE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;

/** Such a link is small. Larger ones are not looked through, which for nested ones would take quadratic time. */
const PERMALINK_NODES = 20;

const MAIN = new Set(['main']);
const ARTICLE = new Set(['article']);
const BODY = new Set(['body']);
const LINK = new Set(['a']);
const SUPERSCRIPT = new Set(['sup']);
const DIALOG = new Set(['dialog']);

/** The part of a page that its text is read from: its `main`, else its only `article`, else its body. */
export function mainContent(nodes: readonly HtmlNode[]): HtmlElement | undefined {
  const body = findElement(nodes, (element) => isNamed(element, BODY));
  if (body === undefined) return undefined;
  const isVisible = (element: HtmlElement): boolean => !isHidden(element);
  const main = findElement(
    body.childNodes,
    (element) => (isNamed(element, MAIN) || roleOf(element) === 'main') && isVisible(element),
    isVisible,
  );
  if (main !== undefined) return main;
  const articles: HtmlElement[] = [];
  walkHtml(body.childNodes, {
    enter: (node) => {
      if (isNamed(node, ARTICLE) && isVisible(node)) articles.push(node);
      return isElement(node) && isVisible(node);
    },
  });
  return articles.length === 1 ? articles[0] : body;
}

/** True for an element whose inside is not read. */
export function isLeftOut(element: HtmlElement): boolean {
  return (
    LEFT_OUT.has(element.tagName) ||
    LEFT_OUT_ROLES.has(roleOf(element)) ||
    isHidden(element) ||
    isPermalink(element) ||
    isNoteMark(element)
  );
}

function isHidden(element: HtmlElement): boolean {
  return (
    attribute(element, 'hidden') !== undefined ||
    attribute(element, 'aria-hidden')?.toLowerCase() === 'true' ||
    HIDING_STYLE.test(attribute(element, 'style') ?? '') ||
    (isNamed(element, DIALOG) && attribute(element, 'open') === undefined)
  );
}

/** A link within the page with nothing to read: the ¶ of a heading, the ↩ of a note. */
function isPermalink(element: HtmlElement): boolean {
  if (!isLinkWithin(element)) return false;
  let nodes = 0;
  let isBare = true;
  walkHtml(element.childNodes, {
    enter: (node) => {
      if (++nodes > PERMALINK_NODES) isBare = false;
      else if (defaultTreeAdapter.isTextNode(node) && /[\p{L}\p{N}]/u.test(node.value)) isBare = false;
      return isBare && isElement(node);
    },
  });
  return isBare;
}

/** The [1] of a note: a superscript that is nothing but a link within the page. */
function isNoteMark(element: HtmlElement): boolean {
  if (!isNamed(element, SUPERSCRIPT)) return false;
  const children = element.childNodes.filter(
    (child) => !defaultTreeAdapter.isTextNode(child) || child.value.trim() !== '',
  );
  const [only] = children;
  return children.length === 1 && only !== undefined && isElement(only) && isLinkWithin(only);
}

function isLinkWithin(element: HtmlElement): boolean {
  return isNamed(element, LINK) && attribute(element, 'href')?.startsWith('#') === true;
}

/** The text inside an element, white space folded, without what is never read. */
export function textOf(element: HtmlElement): string {
  let text = '';
  walkHtml(element.childNodes, {
    enter: (node) => {
      if (defaultTreeAdapter.isTextNode(node)) text += node.value;
      return isElement(node) && !LEFT_OUT.has(node.tagName) && !isHidden(node);
    },
  });
  return text
    .replaceAll('\u00ad', '')
    .replaceAll(/[ \t\n\f\r]+/g, ' ')
    .trim();
}

import { defaultTreeAdapter, html, type DefaultTreeAdapterTypes as Tree } from 'parse5';

export type HtmlNode = Tree.ChildNode;
export type HtmlElement = Tree.Element;

/** A depth-first walk without recursion: documents may be nested as deeply as they like. */
export interface HtmlWalk {
  /** Called for every node; false passes over what is inside an element. */
  enter(node: HtmlNode): boolean;
  /** Called after the children of every element whose `enter` was true. */
  leave?(element: HtmlElement): void;
}

/** Visits the nodes and what is inside them, in the order of the source. */
export function walkHtml(nodes: readonly HtmlNode[], walk: HtmlWalk): void {
  const frames: { nodes: readonly HtmlNode[]; next: number; element?: HtmlElement }[] = [{ nodes, next: 0 }];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const node = frame.nodes[frame.next++];
    if (node === undefined) {
      frames.pop();
      if (frame.element !== undefined) walk.leave?.(frame.element);
    } else if (walk.enter(node) && defaultTreeAdapter.isElementNode(node)) {
      frames.push({ nodes: node.childNodes, next: 0, element: node });
    }
  }
}

/** The first element that fits, in the order of the source; elements for which `inside` is false are not looked into. */
export function findElement(
  nodes: readonly HtmlNode[],
  fits: (element: HtmlElement) => boolean,
  inside: (element: HtmlElement) => boolean = () => true,
): HtmlElement | undefined {
  let found: HtmlElement | undefined;
  walkHtml(nodes, {
    enter: (node) => {
      if (found !== undefined || !isElement(node)) return false;
      if (fits(node)) found = node;
      return found === undefined && inside(node);
    },
  });
  return found;
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return defaultTreeAdapter.isElementNode(node);
}

/** True for an element of HTML with one of these names, not for one of SVG or MathML. */
export function isNamed(node: HtmlNode, names: ReadonlySet<string>): node is HtmlElement {
  return isElement(node) && node.namespaceURI === html.NS.HTML && names.has(node.tagName);
}

export function attribute(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

/** The role that an element is given, without regard to case. */
export function roleOf(element: HtmlElement): string {
  return attribute(element, 'role')?.trim().toLowerCase() ?? '';
}

/**
 * Builds trees of so many elements at most. Unclosed formatting is opened anew in every paragraph: a tree can be far larger than its
 * source.
 *
 * @param refuse - makes the error to throw for more.
 */
export function boundedTreeAdapter(maxElements: number, refuse: () => Error): typeof defaultTreeAdapter {
  let elements = 0;
  return {
    ...defaultTreeAdapter,
    createElement: (...args) => {
      if (++elements > maxElements) throw refuse();
      return defaultTreeAdapter.createElement(...args);
    },
  };
}

import { readFileSync } from 'node:fs';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString } from 'mdast-util-to-string';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { HeadingSlugs } from '../../src/ingest/heading-slugs.js';

export interface Link {
  readonly target: string;
  /** What is linked, without markup. */
  readonly text: string;
  readonly line: number;
}

export interface LinkedPage {
  readonly links: readonly Link[];
  /** Fragments that its headings have. */
  readonly fragments: ReadonlySet<string>;
  /** Addresses of pictures that nothing describes. */
  readonly picturesWithoutText: readonly string[];
}

/** What a page links to, pictures included, and what in it can be linked to. */
export function linksOf(page: string): LinkedPage {
  const root = fromMarkdown(readFileSync(page, 'utf8'), {
    extensions: [gfm(), frontmatter()],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown()],
  });
  const links: Link[] = [];
  const fragments = new Set<string>();
  const picturesWithoutText: string[] = [];
  const slugs = new HeadingSlugs();
  const visit = (node: Nodes): void => {
    const line = node.position?.start.line ?? 0;
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      links.push({ target: node.url, text: toString(node), line });
    if (node.type === 'image' && !node.alt) picturesWithoutText.push(node.url);
    if (node.type === 'html') {
      for (const [, target = ''] of node.value.matchAll(/\b(?:src|srcset|href)="([^"]*)"/g))
        links.push({ target, text: '', line });
      for (const [tag] of node.value.matchAll(/<img\b[^>]*>/g))
        if (!/\balt="[^"]+"/.test(tag)) picturesWithoutText.push(tag);
    }
    if (node.type === 'heading') {
      const slug = slugs.next(toString(node));
      if (slug !== undefined) fragments.add(slug);
    }
    if ('children' in node) node.children.forEach(visit);
  };
  visit(root);
  return { links, fragments, picturesWithoutText };
}

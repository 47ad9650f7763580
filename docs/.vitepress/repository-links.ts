import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MarkdownOptions } from 'vitepress';
import { REPOSITORY_FOLDER, REPOSITORY_PAGES } from './repository-pages.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];

/**
 * Makes links that are right in the repository right on the site: relative ones between files of docs and pages that are copied
 * there lead to the site's pages; those to what the site does not show, such as a source file, are left as text.
 */
export function followRepositoryLinks(markdown: MarkdownIt): void {
  markdown.core.ruler.push('repository-links', (state) => {
    const { relativePath = '' } = state.env as { relativePath?: string };
    for (const { children } of state.tokens) {
      let isDropping = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const address = onSite(token.attrGet('href') ?? '', relativePath);
          isDropping = address === undefined;
          if (address !== undefined) token.attrSet('href', address);
        }
        if (!isDropping || !token.type.startsWith('link_')) continue;
        isDropping = token.type !== 'link_close';
        token.type = 'text';
        token.content = '';
        token.nesting = 0;
      }
    }
  });
}

/** The address on the site of what a page links to; undefined if the site does not show it. */
export function onSite(href: string, page: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|[#/])/i.test(href)) return href;
  const [pathOnly = '', anchor] = href.split('#');
  const copied = `${REPOSITORY_FOLDER}/`;
  const from = page.startsWith(copied) ? page.slice(copied.length) : `docs/${page}`;
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(from), pathOnly)).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const shown = [target, `${target}/README.md`, `${target}/index.md`].find(isShown);
  const isDead = target.startsWith('docs/');
  // A dead link stays one, for the build to report.
  const file = shown ?? (isDead ? target : undefined);
  if (file === undefined) return undefined;
  return `/${file.startsWith('docs/') ? file.slice('docs/'.length) : copied + file}${hash}`;
}

function isShown(file: string): boolean {
  if ((REPOSITORY_PAGES as readonly string[]).includes(file)) return true;
  return file.startsWith('docs/') && file.endsWith('.md') && existsSync(path.join(ROOT, file));
}

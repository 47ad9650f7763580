import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { linksOf, type LinkedPage } from '../support/markdown-links.js';
import { DOCS, PAGES } from './pages.js';

const read = new Map<string, LinkedPage>();

function pageAt(file: string): LinkedPage {
  const known = read.get(file) ?? linksOf(file);
  read.set(file, known);
  return known;
}

const titleOf = (page: string): string => /^# (.*)$/m.exec(readFileSync(page, 'utf8'))?.[1] ?? '';

/** Why a link leads nowhere; undefined if it leads somewhere. Addresses of other hosts are not asked. */
function faultOf(page: string, target: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [file = '', fragment] = decodeURI(target).split('#');
  const found = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  // Made when the site is built, whose own check finds dead links.
  if (page === 'docs/reference/index.md' && /^docs\/reference\/(?:command-line|http|library\/)/.test(found))
    return undefined;
  if (!existsSync(found)) return 'there is no such file';
  if (fragment === undefined || fragment === '') return undefined;
  if (statSync(found).isDirectory() || !found.endsWith('.md')) return 'a fragment of what is no page';
  return pageAt(found).fragments.has(fragment) ? undefined : 'no heading has this fragment';
}

describe('the pages of the repository', () => {
  it.each(PAGES)('%s links to files and headings that are there', (page) => {
    const faults = pageAt(page).links.flatMap(({ target, line }) => {
      const fault = faultOf(page, target);
      return fault === undefined ? [] : `${page}:${line}: ${target}: ${fault}`;
    });
    expect(faults).toEqual([]);
  });

  it.each(['no-such-page.md', 'concepts.md#no-such-heading', '#no-such-heading', '../src/index.ts#nothing'])(
    'would be told of a link to %s',
    (target) => {
      expect(faultOf('docs/tuning.md', target)).toBeDefined();
    },
  );

  it('describe every picture for those who do not see it', () => {
    for (const page of PAGES) expect(pageAt(page).picturesWithoutText, page).toEqual([]);
  });

  it('list every decision by its title', () => {
    const { links } = pageAt('docs/decisions/index.md');
    const decisions = DOCS.filter((page) => /^docs\/decisions\/\d/.test(page));
    const listed = links.filter(({ target }) => /^\d/.test(target));
    expect(listed.map(({ target, text }) => `${target}: ${text}`).sort()).toEqual(
      decisions.map((page) => `${path.posix.basename(page)}: ${titleOf(page)}`).sort(),
    );
  });
});

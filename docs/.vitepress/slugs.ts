import { HeadingSlugs } from '../../src/ingest/heading-slugs.js';

/** Fragments as GitHub gives them, so that a link to a heading is right in the repository and on the site. */
export function slugify(heading: string): string {
  return new HeadingSlugs().next(heading) ?? 'section';
}

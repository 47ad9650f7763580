import type { Citation } from '../../../core/citation.js';
import { headingPath } from '../../../core/passage.js';
import { sourceLink } from '../../../core/source-link.js';
import { element, isolated, safeHref } from '../../dom.js';
import { icon } from '../../icons.js';
import type { WirePassage } from '../../wire.js';
import { fill } from '../strings/index.js';
import type { View } from './view.js';

/** Where a quote stands: title and headings, as a link to the exact place where the source can be opened. */
export function citationSource(citation: Citation, view: View): HTMLElement {
  return source(citation, citation.link, citation.page, view);
}

/** Where a passage stands. */
export function passageSource(passage: WirePassage, view: View): HTMLElement {
  const { uri, text, anchors } = passage;
  const { page, fragment } = anchors[0] ?? {};
  const link = sourceLink(uri, {
    ...(page === undefined ? {} : { page }),
    ...(fragment === undefined ? {} : { fragment }),
    quote: text,
    before: '',
    after: '',
  });
  return source(passage, link, page, view);
}

function source(
  place: Pick<Citation, 'title' | 'headings' | 'documentId'>,
  link: string | undefined,
  page: number | undefined,
  { strings, sourceBase }: View,
): HTMLElement {
  const path = headingPath(place);
  const names = path.length > 0 ? path : [place.documentId];
  const label = element('span', { class: 'path' });
  names.forEach((name, i) => {
    // A screen reader makes a pause of the space, and would name the sign.
    if (i > 0) label.append(' ', element('span', { 'aria-hidden': 'true' }, '› '));
    label.append(isolated(name));
  });
  if (page !== undefined)
    label.append(element('span', { class: 'page' }, ` · ${fill(strings.page, { page })}`));
  const href = link === undefined ? undefined : absolute(link, sourceBase);
  if (href === undefined) return element('span', { class: 'source', part: 'source' }, label);
  return element(
    'a',
    { class: 'source', part: 'source', href, target: '_blank', rel: 'noopener' },
    label,
    // Keeps the drawing on the line of the last word.
    '\u00a0',
    icon('open'),
    element('span', { class: 'hidden' }, ` (${strings.newTab})`),
  );
}

/** A relative address is relative to where the sources are, which may not be this page. */
function absolute(link: string, base: string): string | undefined {
  const safe = safeHref(link);
  if (safe === undefined || base === '') return safe;
  try {
    return new URL(safe, new URL(base, document.baseURI)).href;
  } catch {
    return safe;
  }
}

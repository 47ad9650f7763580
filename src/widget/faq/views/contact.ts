import { element } from '../../dom.js';
import { icon } from '../../icons.js';
import type { View } from './view.js';

/** Where to turn where the documents do not help; nothing where the page names no place. */
export function contactLink({ contact }: View): HTMLElement | undefined {
  if (contact === undefined) return undefined;
  const { href, text } = contact;
  return element('a', { class: 'button', part: 'button contact', href }, icon('mail'), text);
}

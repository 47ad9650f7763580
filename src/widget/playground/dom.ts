import { element, isolated } from '../dom.js';

/** Gives an element custom properties of the style sheet: `{ '--share': '0.5' }`. */
export function withProperties<E extends HTMLElement>(
  target: E,
  properties: Readonly<Record<string, string>>,
): E {
  for (const [name, value] of Object.entries(properties)) target.style.setProperty(name, value);
  return target;
}

/** A link to where a document says that it stands; text where that is no web address. */
export function sourceAnchor(uri: string, label: string): HTMLElement {
  const isWeb = URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);
  if (!isWeb) return isolated(label);
  return element('a', { href: uri, target: '_blank', rel: 'noopener noreferrer' }, isolated(label));
}

/** @throws Error if the page has no such element: page and script are of different versions. */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id ${id}.`);
  return found;
}

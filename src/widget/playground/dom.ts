/** What an element may hold. Strings become text, never markup. */
export type Child = Node | string | null | undefined;

export interface Attributes {
  readonly class?: string | undefined;
  /** Custom properties of the style sheet: `{ '--share': '0.5' }`. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly [name: string]: string | number | boolean | undefined | Readonly<Record<string, string>>;
}

/** Makes an element. An attribute that is false or undefined is left out, one that is true is empty. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  const { vars = {}, ...plain } = attributes;
  for (const [name, value] of Object.entries(plain)) {
    if (typeof value === 'string' || typeof value === 'number') made.setAttribute(name, String(value));
    else if (value === true) made.setAttribute(name, '');
  }
  for (const [name, value] of Object.entries(vars)) made.style.setProperty(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Text of a document in the page's own: it keeps its direction to itself. */
export function foreign(text: string, attributes: Attributes = {}): HTMLElement {
  return element('bdi', attributes, text);
}

/** A link to where a document says that it stands; text where that is no web address. */
export function sourceAnchor(uri: string, label: string): HTMLElement {
  const isWeb = URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);
  if (!isWeb) return foreign(label);
  return element('a', { href: uri, target: '_blank', rel: 'noopener noreferrer' }, foreign(label));
}

/** @throws Error if the page has no such element: page and script are of different versions. */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id ${id}.`);
  return found;
}

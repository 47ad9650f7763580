type Value = string | number | boolean | undefined;
/** `false` and `undefined` leave an attribute out; `true` is the empty one. */
export type Attributes = Readonly<Record<string, Value>>;
/** What an element may hold; undefined is left out. */
export type Child = Node | string | undefined;

/**
 * An element with attributes and children. Text stays text: nothing is ever parsed as markup. An `href` that {@link safeHref} refuses is left
 * out; attributes that run scripts or set styles cannot be given.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) setAttribute(made, attribute, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Sets an attribute or takes it away, by the same rules. */
export function setAttribute(target: Element, attribute: string, value: Value): void {
  if (/^(?:on|style$|srcdoc$)/i.test(attribute))
    throw new TypeError(`The attribute ${attribute} is not set here.`);
  const text = value === true ? '' : value === false || value === undefined ? undefined : String(value);
  const safe = attribute === 'href' && text !== undefined ? safeHref(text) : text;
  if (safe === undefined) target.removeAttribute(attribute);
  else target.setAttribute(attribute, safe);
}

/** Text from outside that stands in a line of other text: its direction and its control characters stay within. */
export function isolated(text: string, attributes: Attributes = {}): HTMLElement {
  return element('bdi', attributes, withPairedIsolates(text));
}

const POP = '\u2069';
const FIRST_STRONG_ISOLATE = '\u2068';

/**
 * Chromium sets an element apart with control characters of its own, which those of the text would pair with: an isolate left open would
 * hold what follows the element, and one closed too often would let the text out. So the text gets what its own lack.
 */
function withPairedIsolates(text: string): string {
  let open = 0;
  let unopened = 0;
  for (const [control] of text.matchAll(/[\u2066-\u2069]/g)) {
    if (control !== POP) open++;
    else if (open > 0) open--;
    else unopened++;
  }
  return FIRST_STRONG_ISOLATE.repeat(unopened) + text + POP.repeat(open);
}

/** What browsers drop from an address before they look for its scheme (WHATWG URL). */
const DROPPED = /[\t\n\r]|^[\0- ]+|[\0- ]+$/g;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const WEB = /^(?:https?:|mailto:|tel:)/i;

/** An address that may be linked to: of the web, relative, or to write or call somebody; undefined for any other, such as `javascript:`. */
export function safeHref(address: string): string | undefined {
  const read = address.replaceAll(DROPPED, '');
  return read === '' || (SCHEME.test(read) && !WEB.test(read)) ? undefined : read;
}

/** Text that is HTML already. Only `html` makes it, so that whatever else is put into a page is escaped. */
class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type { Markup };

/** What may stand in a page: text and numbers, which are escaped, markup, lists of these, or nothing. */
export type Content = string | number | Markup | null | undefined | readonly Content[];

/**
 * A template of HTML or SVG. Every value is escaped for element content and for attributes in double quotes.
 *
 * @example
 * html`<p title="${title}">${text}</p>`.source
 */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(template.reduce((text, part, i) => text + sourceOf(values[i - 1]) + part));
}

function sourceOf(content: Content): string {
  if (content === null || content === undefined) return '';
  if (content instanceof Markup) return content.source;
  if (typeof content === 'object') return content.map(sourceOf).join('');
  return String(content).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

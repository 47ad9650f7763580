/** What GitHub leaves out of a heading's slug: all but letters, marks, numbers, connectors, hyphens and spaces. */
const LEFT_OUT = /[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu;

/**
 * The fragments that GitHub and most renderers of Markdown give to headings: lower case, without punctuation, spaces as hyphens;
 * the second heading of the same text gets `-1`, the third `-2`.
 */
export class HeadingSlugs {
  readonly #used = new Map<string, number>();

  /** The slug of the next heading of the document; undefined for one without letters. */
  next(heading: string): string | undefined {
    const base = heading.trim().toLowerCase().replace(LEFT_OUT, '').replaceAll(' ', '-');
    if (base === '') return undefined;
    let slug = base;
    // A heading "Notes 1" may already have taken what the second "Notes" would get.
    for (let count = this.#used.get(base) ?? 0; this.#used.has(slug);) {
      slug = `${base}-${++count}`;
      this.#used.set(base, count);
    }
    this.#used.set(slug, 0);
    return slug;
  }
}

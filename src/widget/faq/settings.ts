import type { EngineSettings } from '../engine.js';

/** Seconds. */
const DEFAULT_TIMEOUT = 60;

/** What the server that this script came from answers at: the script stands in its folder `widget`. */
const OWN_SERVER = new URL('..', import.meta.url).href;

/** Reads an element's attributes. One with a wrong value counts as not given, and is reported where the page reports its scripts' errors. */
export class Settings {
  readonly #host: Element;

  constructor(host: Element) {
    this.#host = host;
  }

  text(name: string): string | undefined {
    return this.#host.getAttribute(name)?.trim() ?? undefined;
  }

  /** One of some words; the first where none is given. */
  word<const Words extends readonly [string, ...string[]]>(name: string, words: Words): Words[number] {
    const given = this.text(name);
    if (given === undefined || words.includes(given)) return given ?? words[0];
    report(name, `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`, given);
    return words[0];
  }

  number(name: string, least: number, most = Infinity): number | undefined {
    const given = this.text(name);
    if (given === undefined) return undefined;
    const value = Number(given);
    if (given !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    const bounds = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    report(name, `a whole number ${bounds}`, given);
    return undefined;
  }

  engine(): { readonly name: string; readonly settings: EngineSettings } {
    const apiKey = this.text('api-key');
    return {
      name: this.text('engine') ?? 'http',
      settings: {
        src: this.text('src') ?? OWN_SERVER,
        timeoutMs: (this.number('timeout', 1) ?? DEFAULT_TIMEOUT) * 1000,
        ...(apiKey === undefined ? {} : { apiKey }),
      },
    };
  }

  /** The language that the element is in: its own, that of what it stands in, else the visitor's. */
  language(): string {
    const own = this.#host.closest<HTMLElement>('[lang]')?.lang;
    const page = document.documentElement.lang;
    return [own, page, navigator.language].find((tag) => tag !== undefined && tag !== '') ?? 'en';
  }
}

function report(name: string, expected: string, given: string): void {
  reportError(
    new TypeError(
      `verbatim-faq: expected the attribute ${name} to be ${expected}, got ${JSON.stringify(given)}.`,
    ),
  );
}

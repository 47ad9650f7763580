import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

export interface EvaluationReport {
  readonly html: string;
  /** What a content security policy calls the report's style sheets, which stand in the page itself. */
  readonly styleHashes: readonly string[];
}

/** The page that `verbatim eval --report` wrote, as it is now: it is read again once it has been written again. */
export class ReportFile {
  readonly #file: string;
  #known: { readonly version: string; readonly report: EvaluationReport } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined once there is no such file. */
  async read(): Promise<EvaluationReport | undefined> {
    const version = await this.#version();
    if (version === undefined) return undefined;
    if (this.#known?.version !== version) {
      const html = await readFile(this.#file, 'utf8');
      this.#known = { version, report: { html, styleHashes: styleHashesOf(html) } };
    }
    return this.#known.report;
  }

  async #version(): Promise<string | undefined> {
    try {
      const { mtimeMs, size } = await stat(this.#file);
      return `${mtimeMs} ${size}`;
    } catch {
      return undefined;
    }
  }
}

const STYLE = /<style[^>]*>([^]*?)<\/style>/gi;

function styleHashesOf(html: string): string[] {
  return Array.from(html.matchAll(STYLE), ([, style = '']) => {
    const hash = createHash('sha256').update(style).digest('base64');
    return `'sha256-${hash}'`;
  });
}

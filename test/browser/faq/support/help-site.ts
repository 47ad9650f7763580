import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startServerProcess, type ServerProcess } from '../../../support/server-process.js';
import { startSite, type Site } from '../../support/site.js';
import { DOCUMENTS } from './documents.js';

/** A web site and, at another origin, the real server with the real reader, over the help centre, the handbook and {@link DOCUMENTS}. */
export interface HelpSite {
  readonly site: Site;
  readonly server: ServerProcess;
  /** Opens a page with the element in it. */
  readonly open: (page: Page, options?: FaqPageOptions) => Promise<void>;
}

export interface FaqPageOptions {
  /** The element's, as HTML writes them. @defaultValue `src` of the real server */
  readonly attributes?: string;
  /** Elements in the component's slots. */
  readonly slotted?: string;
  /** What else stands in the page's body, after it. */
  readonly more?: string;
  readonly lang?: string;
  readonly dir?: string;
}

/** Starts them once for the file that calls this. */
export function useHelpSite(serverArgs: readonly string[] = []): () => HelpSite {
  let started: HelpSite | undefined;
  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-faq-'));
    writeFileSync(path.join(folder, 'documents.json'), JSON.stringify(DOCUMENTS));
    const site = await startSite();
    let kill = (): void => undefined;
    const server = await startServerProcess(
      [
        ...['--corpus', 'corpora/help-centre', 'corpora/handbook', folder],
        ...['--cors', site.url, '--feedback', path.join(folder, 'feedback.ndjson'), ...serverArgs],
      ],
      { onEnd: (end) => (kill = end) },
    );
    started = { site, server, open: (page, options) => openFaq(page, site, server.url, options) };
    return () => {
      kill();
      site.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });
  afterAll(() => (started = undefined));
  return () => {
    if (started === undefined) throw new Error('The site has not started.');
    return started;
  };
}

/** Only scripts of the site itself, and nothing but calls of the server's. */
export function strictPolicy(server: string): string {
  return `default-src 'none'; script-src 'self'; connect-src ${server}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`;
}

async function openFaq(page: Page, site: Site, server: string, options: FaqPageOptions = {}): Promise<void> {
  const { attributes = `src="${server}"`, slotted = '', more = '', lang = 'en', dir = 'ltr' } = options;
  const address = site.put('/help', {
    html: `<!doctype html>
<html lang="${lang}" dir="${dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Help</title>
    <script type="module" src="/dist/widget/verbatim-faq.js"></script>
  </head>
  <body>
    <main>
      <h1>Help</h1>
      <verbatim-faq ${attributes}>${slotted}</verbatim-faq>
      ${more}
    </main>
  </body>
</html>`,
    headers: { 'Content-Security-Policy': strictPolicy(attributes.includes(server) ? server : '*') },
  });
  await page.goto(address);
  await page.waitForFunction(() => customElements.get('verbatim-faq') !== undefined);
}

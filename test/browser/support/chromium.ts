import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * Debian's Chromium, started once for the file that calls this.
 *
 * @param args - further switches of the browser's.
 * @returns what opens a fresh page, with storage of its own, that closes when the test ends.
 */
export function useChromium(
  args: readonly string[] = [],
): (options?: BrowserContextOptions) => Promise<WatchedPage> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    // Root, as in a container, gets no sandbox.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: [...sandbox, ...args] });
  });
  afterAll(() => browser?.close());
  return async (options = {}) => {
    if (browser === undefined) throw new Error('Chromium has not started.');
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    return watch(context, await context.newPage());
  };
}

export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors that no script of the page caught, and messages that the browser wrote to its console as errors, so far. */
  readonly errors: readonly string[];
  /** Addresses that the page asked for, so far. */
  readonly requests: readonly string[];
}

function watch(context: BrowserContext, page: Page): WatchedPage {
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  return { context, page, errors, requests };
}

import type { Page } from 'playwright-core';
import type { LocalAskOptions, LocalEngineInfo } from '../../../../src/browser/messages.js';
import type { LocalEngine, LocalEngineOptions } from '../../../../src/browser/client.js';
import type { AnswerResult } from '../../../../src/pipeline/types.js';

declare global {
  interface Window {
    client: { createLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> };
    engine: LocalEngine;
  }
}

/** What became of a call in the page. */
export type Outcome<T> = { readonly value: T } | { readonly code: unknown; readonly message: string };

/** Loads the client that a site holds into a page of the site. */
export async function loadClient(page: Page): Promise<void> {
  // As text: the test runner replaces imports that it sees.
  await page.evaluate("import('/client.js').then((client) => { window.client = client; })");
}

/** Loads the engine in a page of a site. */
export async function openEngine(
  page: Page,
  options: Partial<Pick<LocalEngineOptions, 'threads'>> & { readonly base?: string } = {},
): Promise<Outcome<LocalEngineInfo>> {
  await loadClient(page);
  return page.evaluate(async ({ base = '.', ...rest }) => {
    try {
      window.engine = await window.client.createLocalEngine({ base, ...rest });
      return { value: window.engine.info };
    } catch (error) {
      const { code, message } = error as { code?: unknown; message: string };
      return { code, message };
    }
  }, options);
}

/** Asks the engine of a page. */
export async function ask(
  page: Page,
  question: string,
  options: Omit<LocalAskOptions, 'signal'> = {},
): Promise<Outcome<AnswerResult>> {
  return page.evaluate(
    async ([text, given]) => {
      try {
        return { value: await window.engine.ask(text, given) };
      } catch (error) {
        const { code, message } = error as { code?: unknown; message: string };
        return { code, message };
      }
    },
    [question, options] as const,
  );
}

/** The value of what must have succeeded. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  throw new Error(`${String(outcome.code)}: ${outcome.message}`);
}

import type { Locator, Page } from 'playwright-core';

/** The element on a page, by what a visitor meets in it. */
export interface Faq {
  readonly root: Locator;
  readonly input: Locator;
  readonly send: Locator;
  readonly options: Locator;
  /** The exchanges of the conversation. */
  readonly exchanges: Locator;
  /** What became of the last question, once it is there. */
  readonly outcome: Locator;
  /** What is read out. */
  readonly status: Locator;
}

export function faqOn(page: Page, selector = 'verbatim-faq'): Faq {
  const root = page.locator(selector);
  return {
    root,
    input: root.getByRole('combobox'),
    send: root.locator('[part~=submit]'),
    options: root.getByRole('option'),
    exchanges: root.locator('[part=exchange]'),
    outcome: root.locator('[part=exchange]:last-child .card:not(.progress)'),
    status: root.locator('.faq > [role=status]'),
  };
}

/** Types a question, sends it, and waits until there is an outcome. */
export async function ask(faq: Faq, question: string): Promise<void> {
  await faq.input.fill(question);
  await faq.input.press('Enter');
  await faq.outcome.waitFor();
}

export interface HeardEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Listens at the document for the element's events. */
export async function listen(page: Page): Promise<() => Promise<readonly HeardEvent[]>> {
  await page.evaluate(() => {
    const heard: object[] = [];
    Object.assign(window, { heard });
    for (const type of ['answer', 'no-answer', 'feedback', 'error']) {
      document.addEventListener(type, (event) => {
        const { detail } = event as CustomEvent<Readonly<Record<string, unknown>>>;
        const error = detail['error'] as { reason?: string } | undefined;
        heard.push({ type, detail: error === undefined ? detail : { ...detail, reason: error.reason } });
      });
    }
  });
  return () => page.evaluate(() => (window as unknown as { heard: HeardEvent[] }).heard);
}

/** Whether any script of a document's has run. */
export function isOwned(page: Page): Promise<boolean> {
  return page.evaluate(() => 'owned' in window);
}

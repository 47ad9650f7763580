import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startProxy, type Passing } from '../support/proxy.js';

/** What the tests of the playground ask, of the help centre that comes with the package. */
export const WARRANTY = 'How long is the warranty?';
export const UNANSWERED = 'Who composed the opera about the thermostat?';

export function answerOf(page: Page): ReturnType<Page['locator']> {
  return page.locator('#answer');
}

/** Asks by the keyboard, and waits until the page says what came of it. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel('Question').fill(question);
  await page.getByLabel('Question').press('Enter');
  await answered(page);
}

/** Waits for a result or a failure. */
export async function answered(page: Page): Promise<void> {
  await page.locator('#answer:not([data-state=waiting])').waitFor();
}

/** Console messages but those that the browser writes of any response that is an error. */
export function ownErrors(errors: readonly string[]): string[] {
  return errors.filter((error) => !error.startsWith('Failed to load resource'));
}

/** A proxy that lets everything pass but questions. */
export async function proxyQuestions(
  target: string,
  handle: (passing: Passing) => Promise<void> | void,
): Promise<string> {
  const proxy = await startProxy(target, (passing) =>
    passing.req.url === '/v1/answer' ? handle(passing) : passing.forward(),
  );
  onTestFinished(() => proxy.close());
  return proxy.url;
}

/** Drops files on the page. */
export async function drop(page: Page, name: string, content: string): Promise<void> {
  await page.evaluate(
    ({ name, content }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, content },
  );
}

import { describe, expect, it } from 'vitest';
import { startServerProcess } from '../support/server-process.js';
import { useChromium } from './support/chromium.js';

const openPage = useChromium();

describe('the page at /docs', () => {
  it('shows every route, calls the server, and asks no other for anything', async () => {
    const server = await startServerProcess(['--corpus', 'corpora/help-centre']);
    const { page, errors, requests } = await openPage();
    await page.goto(`${server.url}/docs`);
    await page.getByText('/v1/answer', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page
      .locator('textarea.body-param__text')
      .fill(JSON.stringify({ question: 'How long is the warranty?' }));
    await page.getByRole('button', { name: 'Execute' }).click();
    const response = page.locator('.live-responses-table .response-col_description');
    await response.getByText('"two years"').first().waitFor();

    const documented = (await (await server.call('/openapi.json')).json()) as { readonly paths: object };
    for (const path of Object.keys(documented.paths)) {
      const shown = page.locator(`[data-path="${path}"]`);
      expect(await shown.count(), path).toBeGreaterThan(0);
    }
    expect(errors).toEqual([]);
    // Swagger UI's pictures are part of its style sheet.
    expect(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
  });
});

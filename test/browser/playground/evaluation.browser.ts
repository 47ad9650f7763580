import path from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.js';
import { startServerProcess } from '../../support/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useChromium } from '../support/chromium.js';

const openPage = useChromium();
const CONTEXT = 'The warranty on every Lumen device lasts two years from the date of delivery.';

it('the evaluation tab says how to make a report, and shows one in a frame that can run nothing', async () => {
  const none = await startServerProcess(['--workers', '1']);
  const { page } = await openPage();
  await page.goto(none.url);
  await page.getByRole('tab', { name: 'Evaluation' }).click();
  await page.getByText('No evaluation report').waitFor();
  expect(await page.getByLabel('Commands').innerText()).toContain(
    'verbatim serve --index kb --report report.html',
  );

  const folder = temporaryFolder({
    'questions.json': JSON.stringify({
      data: [
        {
          title: 'warranty/standard-warranty.md',
          paragraphs: [
            {
              context: CONTEXT,
              qas: [
                {
                  id: '1',
                  question: 'How long is the warranty?',
                  is_impossible: false,
                  answers: [{ text: 'two years', answer_start: CONTEXT.indexOf('two years') }],
                },
                { id: '2', question: 'Who wrote the opera?', is_impossible: true, answers: [] },
              ],
            },
          ],
        },
      ],
    }),
  });
  const report = path.join(folder, 'report.html');
  const made = await runCli([
    'eval',
    path.join(folder, 'questions.json'),
    '--report',
    report,
    '--workers',
    '1',
  ]);
  expect(made.code, made.stderr).toBe(0);

  const server = await startServerProcess(['--workers', '1', '--report', report]);
  const shown = await openPage();
  await shown.page.goto(server.url);
  await shown.page.getByRole('tab', { name: 'Ask' }).focus();
  await shown.page.keyboard.press('ArrowRight');
  const frame = shown.page.frameLocator('iframe');
  await frame.getByRole('heading', { name: /^Evaluation of/ }).waitFor();
  // Its style sheet, which stands in it, is let by the policy of the page.
  expect(
    await frame
      .getByRole('table')
      .first()
      .evaluate((table) => getComputedStyle(table).borderCollapse),
  ).toBe('collapse');
  expect(await shown.page.locator('iframe').getAttribute('sandbox')).toBe('');
  expect(shown.errors).toEqual([]);
});

it('a report that there is not ends the server before it listens', async () => {
  const { code, stderr } = await runCli(['serve', '--port', '0', '--report', 'no-such-report.html']);
  expect([code, stderr]).toEqual([
    1,
    'verbatim: [path-not-found] No such file or folder: "no-such-report.html".\n',
  ]);
});

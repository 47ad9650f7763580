/**
 * A corpus in a browser tab beside the same corpus behind a server: time to the first answer and per question, bytes, memory, how long
 * the page's own thread is held up, and which answers differ.
 *
 *     npm run build && npx tsx bench/browser/main.ts [--corpus help-centre] [--questions 50]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { quantile } from '../../src/evaluation/quantile.js';
import { readSquadFile } from '../../src/ingest/index.js';
import type { AnswerResult } from '../../src/index.js';
import { startSiteServer } from '../../test/browser/local/support/site-server.js';
import { CLI, runCli } from '../../test/support/run-cli.js';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'help-centre' },
    questions: { type: 'string', default: '50' },
  },
});
const corpus = `corpora/${values.corpus}`;
const { questions: all } = await readSquadFile(`${corpus}.questions.json`);
const questions = all.slice(0, Number(values.questions)).map(({ question }) => question);

interface Measured {
  readonly name: string;
  readonly results: readonly AnswerResult[];
  readonly columns: Readonly<Record<string, string>>;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-bench-'));
  const measured: Measured[] = [];
  try {
    for (const dtype of ['q8', 'fp32'] as const) {
      const out = path.join(folder, dtype);
      const { code, stderr } = await runCli([
        'export-site',
        '--corpus',
        corpus,
        '--dtype',
        dtype,
        '--out',
        out,
      ]);
      if (code !== 0) throw new Error(stderr);
      const server = await measureServer(dtype);
      measured.push(server);
      for (const isolated of [false, true]) {
        const tab = await measureTab(out, dtype, isolated);
        measured.push({ ...tab, columns: { ...tab.columns, 'answers that differ': differing(tab, server) } });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${corpus}: ${questions.length} questions`);
  for (const { name, columns } of measured) console.log(name, columns);
}

async function measureTab(site: string, dtype: string, isolated: boolean): Promise<Measured> {
  const server = await startSiteServer(site, { isolated });
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: sandbox,
  });
  try {
    const page = await (await browser.newContext()).newPage();
    const cold = await firstAnswer(page, server.url);
    const bytes = await page.evaluate<number>('engine.info.fetchedBytes');
    const warm = await firstAnswer(page, server.url);
    const times: number[] = [];
    const results: AnswerResult[] = [];
    for (const question of questions) {
      const [time, result] = await page.evaluate<[number, AnswerResult]>(
        `(async () => { const began = performance.now(); const result = await engine.ask(${JSON.stringify(question)}); return [performance.now() - began, result]; })()`,
      );
      times.push(time);
      results.push(result);
    }
    const threads = await page.evaluate<number>('engine.info.threads');
    return {
      name: `tab, ${dtype}, ${threads} thread${threads === 1 ? '' : 's'}`,
      results,
      columns: {
        'first answer, nothing stored': seconds(cold),
        'first answer, files stored': seconds(warm),
        ...percentiles(times),
        fetched: megabytes(bytes),
        memory: megabytes(await rendererMemory(browser)),
        'longest task of the page': `${(await page.evaluate<number>('longest')).toFixed(0)} ms`,
      },
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** From the visit to the first answer, in milliseconds. */
async function firstAnswer(page: Page, url: string): Promise<number> {
  await page.goto(`${url}LICENSES.txt`);
  return page.evaluate<number>(`(async () => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask' });
    const began = performance.now();
    const { createLocalEngine } = await import('/client.js');
    window.engine = await createLocalEngine({ base: '/' });
    await engine.ask(${JSON.stringify(questions[0] ?? '')});
    return performance.now() - began;
  })()`);
}

async function measureServer(dtype: string): Promise<Measured> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [CLI, 'serve', '--corpus', corpus, '--port', '0', '--workers', '1', '--dtype', dtype],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const url = await listening(child);
    const ask = async (question: string): Promise<AnswerResult> => {
      const response = await fetch(`${url}/v1/answer`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ question }),
      });
      return (await response.json()) as AnswerResult;
    };
    await ask(questions[0] ?? '');
    const first = performance.now() - began;
    const times: number[] = [];
    const results: AnswerResult[] = [];
    for (const question of questions) {
      const asked = performance.now();
      results.push(await ask(question));
      times.push(performance.now() - asked);
    }
    return {
      name: `server, ${dtype}, 1 worker`,
      results,
      columns: {
        'first answer, from its start': seconds(first),
        ...percentiles(times),
        memory: megabytes(residentBytes(child.pid ?? 0)),
      },
    };
  } finally {
    child.kill('SIGTERM');
  }
}

async function listening({ stderr }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stderr ?? []) {
    text += String(chunk);
    const url = /Listening on (\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(text);
}

/** How many have another kind or other words. */
function differing(tab: Measured, server: Measured): string {
  const words = (result: AnswerResult | undefined): string =>
    result?.kind === 'answer' ? result.answer : (result?.kind ?? '');
  const count = tab.results.filter((result, i) => words(result) !== words(server.results[i])).length;
  return `${count} of ${questions.length}`;
}

/** Of the processes that show pages: the largest. */
async function rendererMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: readonly { readonly type: string; readonly id: number }[];
  };
  return Math.max(
    ...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentBytes(id)),
  );
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return 1024 * Number(kilobytes);
}

function percentiles(times: readonly number[]): Record<string, string> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (q: number): string => `${quantile(sorted, q).toFixed(0)} ms`;
  return { 'a question, median': at(0.5), 'a question, 95th percentile': at(0.95) };
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

await main();

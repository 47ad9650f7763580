import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useChromium } from '../support/chromium.js';
import { useExportedSite } from './support/exported-site.js';
import { ask, openEngine, valueOf } from './support/in-page.js';
import { serveSite } from './support/serve-site.js';
import type { Fault, SiteServer } from './support/site-server.js';

const QUESTION = 'How long is the warranty?';
const ANSWER = 'two years';
const NETWORK = 'data/network.onnx';

const openPage = useChromium();
// A name that is not the loopback's is no secure context over plain HTTP.
const openInsecurePage = useChromium(['--host-resolver-rules=MAP answers.example 127.0.0.1']);
const openPageWithoutSimd = useChromium(['--js-flags=--no-enable-sse4-1']);
const site = useExportedSite();

const flipped: Fault = (content, response) => {
  const damaged = Buffer.from(content);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff;
  response.end(damaged);
};

/** Says how long the file is, and ends before. */
const cut: Fault = (content, response) => {
  response.setHeader('Content-Length', content.length);
  response.write(content.subarray(0, 100_000), () => response.destroy());
};

const missing: Fault = (_content, response) => {
  response.statusCode = 404;
  response.end('not here');
};

/** What servers of single-page applications send for every address. */
const htmlPage: Fault = (_content, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end('<!doctype html><title>Home</title>');
};

const json =
  (change: (manifest: Record<string, unknown>) => object): Fault =>
  (content, response) =>
    void response.end(JSON.stringify(change(JSON.parse(content.toString()) as Record<string, unknown>)));

async function openAt(server: SiteServer, isolated?: Page): Promise<Page> {
  const { page } = isolated === undefined ? await openPage() : { page: isolated };
  await page.goto(`${server.url}LICENSES.txt`);
  return page;
}

async function answersOn(page: Page): Promise<void> {
  expect(valueOf(await ask(page, QUESTION))).toMatchObject({ kind: 'answer', answer: ANSWER });
}

describe('loading an exported site', () => {
  it('fetches each file once; the next visit takes them from storage', async () => {
    const server = await serveSite(site());
    const page = await openAt(server);
    const first = valueOf(await openEngine(page));
    expect(first).toMatchObject({ documents: 39, threads: 1, stored: true });
    expect(first.fetchedBytes).toBeGreaterThan(30_000_000);
    await answersOn(page);
    await page.reload();
    expect(valueOf(await openEngine(page))).toMatchObject({ fetchedBytes: 0, stored: true });
    await answersOn(page);
    expect(server.asked.filter((name) => name === NETWORK)).toEqual([NETWORK]);
  });

  it('runs several threads on a page that is cross-origin isolated, and only there', async () => {
    const isolated = await serveSite(site(), { isolated: true });
    const page = await openAt(isolated);
    expect(valueOf(await openEngine(page, { threads: 2 }))).toMatchObject({ threads: 2 });
    await answersOn(page);

    const plain = await openAt(await serveSite(site()));
    expect(await openEngine(plain, { threads: 2 })).toEqual({
      code: 'invalid-option',
      message: 'Expected threads to be 1 on a page that is not cross-origin isolated, got 2.',
    });
  });

  it('does without storage, secure context and SHA-256 over plain HTTP', async () => {
    const server = await serveSite(site());
    const { page } = await openInsecurePage();
    await page.goto(server.url.replace('127.0.0.1', 'answers.example'));
    expect(await page.evaluate(() => [isSecureContext, 'caches' in window])).toEqual([false, false]);
    expect(valueOf(await openEngine(page))).toMatchObject({ stored: false });
    await answersOn(page);
  });

  it('does without storage that throws', async () => {
    const server = await serveSite(site());
    server.faults.set('worker.js', (content, response) => {
      response.end(
        `caches.open = () => Promise.reject(new DOMException('no', 'SecurityError'));\n${content.toString()}`,
      );
    });
    const page = await openAt(server);
    expect(valueOf(await openEngine(page))).toMatchObject({ stored: false });
    await answersOn(page);
  });

  it('does without storage where there is too little room', async () => {
    const server = await serveSite(site());
    const page = await openAt(server);
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 1_000_000 });
    expect(valueOf(await openEngine(page))).toMatchObject({ stored: false });
    await answersOn(page);
  });

  it('works in two tabs that load at once', async () => {
    const server = await serveSite(site());
    const page = await openAt(server);
    const other = await page.context().newPage();
    await other.goto(`${server.url}LICENSES.txt`);
    const infos = await Promise.all([openEngine(page), openEngine(other)]);
    expect(infos.map(valueOf)).toMatchObject([{ stored: true }, { stored: true }]);
    await Promise.all([answersOn(page), answersOn(other)]);
  });

  it('drops what an earlier version of the site left in storage', async () => {
    const folder = path.join(temporaryFolder(), 'site');
    await cp(site(), folder, { recursive: true });
    const server = await serveSite(folder);
    const page = await openAt(server);
    valueOf(await openEngine(page));
    const keys = (): Promise<string[]> =>
      page.evaluate(async () => (await (await caches.open('verbatim-files')).keys()).map(({ url }) => url));
    await page.evaluate(async (url) => {
      await (
        await caches.open('verbatim-files')
      ).put(`${url}data/index.json?sha256=old`, new Response('old'));
    }, server.url);
    expect(await keys()).toHaveLength(6);
    await page.reload();
    expect(valueOf(await openEngine(page))).toMatchObject({ fetchedBytes: 0 });
    expect(await keys()).toHaveLength(5);
  });

  it('fetches anew what is damaged in storage', async () => {
    const server = await serveSite(site());
    const page = await openAt(server);
    valueOf(await openEngine(page));
    await page.evaluate(async () => {
      const cache = await caches.open('verbatim-files');
      const keys = await cache.keys();
      const key = keys.find(({ url }) => url.includes('tokenizer'));
      if (key !== undefined) await cache.put(key, new Response('damaged'));
    });
    await page.reload();
    expect(valueOf(await openEngine(page)).fetchedBytes).toBe(527_292);
    await answersOn(page);
  });
});

describe('what cannot be loaded', () => {
  it.each([
    [
      'a damaged network',
      NETWORK,
      flipped,
      'download-failed',
      /network\.onnx is damaged: its SHA-256 is not the one in the manifest/,
    ],
    [
      'a network that ends early',
      NETWORK,
      cut,
      'download-failed',
      /connection broke after \d+ of the 23455331 bytes of .*network\.onnx/,
    ],
    ['a missing network', NETWORK, missing, 'download-failed', /network\.onnx: the server answered HTTP 404/],
    [
      'a page instead of the index',
      'data/index.json',
      htmlPage,
      'download-failed',
      /index\.json is damaged: it has 34 bytes instead of/,
    ],
    [
      'a missing manifest',
      'manifest.json',
      missing,
      'index-not-found',
      /\(base\): manifest\.json is not there \(HTTP 404\)/,
    ],
    [
      'a page instead of the manifest',
      'manifest.json',
      htmlPage,
      'index-not-found',
      /manifest\.json is no JSON; the server sent text\/html/,
    ],
    [
      'another manifest',
      'manifest.json',
      json(() => ({ name: 'App' })),
      'index-not-found',
      /manifest\.json is not one of an exported site/,
    ],
    [
      'a site of another version',
      'manifest.json',
      json((manifest) => ({ ...manifest, format: 99, version: '9.0.0' })),
      'index-version',
      /exported by verbatim-qa 9\.0\.0 in format 99; this script reads format 1/,
    ],
    ['a missing worker', 'worker.js', missing, 'index-not-found', /Cannot start worker\.js of .* \(base\)/],
    [
      'a page instead of the worker',
      'worker.js',
      htmlPage,
      'index-not-found',
      /Cannot start worker\.js of .* \(base\)/,
    ],
    ['a missing runtime', 'runtime.js', missing, 'download-failed', /Cannot load .*runtime\.js/],
  ] as const)('%s is named, and loads once it is mended', async (_case, name, fault, code, message) => {
    const server = await serveSite(site());
    const page = await openAt(server);
    server.faults.set(name, fault);
    expect(await openEngine(page)).toEqual({ code, message: expect.stringMatching(message) as string });
    server.faults.delete(name);
    // Browsers keep it in mind that a script could not be loaded until the page is.
    if (name === 'runtime.js') await page.reload();
    valueOf(await openEngine(page));
    await answersOn(page);
  });

  it('a server that is gone is named', async () => {
    const server = await serveSite(site());
    const page = await openAt(server);
    server.faults.set('worker.js', (content, response) => {
      response.end(content, () => void server.stop());
    });
    expect(await openEngine(page)).toEqual({
      code: 'download-failed',
      message: `Cannot reach ${server.url}manifest.json; are you offline?`,
    });
  });

  it.each([
    [
      'https://elsewhere.example/site/',
      /Expected base to be an address of the page's own origin, http:.*, got "https:\/\/elsewhere/,
    ],
    ['http://[', /Expected base to be an address, got "http:\/\/\["/],
  ])('the base %s is refused before anything is fetched', async (base, message) => {
    const server = await serveSite(site());
    const page = await openAt(server);
    expect(await openEngine(page, { base })).toEqual({
      code: 'invalid-option',
      message: expect.stringMatching(message) as string,
    });
    expect(server.asked).not.toContain('worker.js');
  });

  it('a browser without SIMD is told so before anything large is fetched', async () => {
    const server = await serveSite(site());
    const { page } = await openPageWithoutSimd();
    await openAt(server, page);
    expect(await openEngine(page)).toEqual({
      code: 'browser-unsupported',
      message: 'This browser has no WebAssembly SIMD; Chrome 91, Firefox 89, Safari 16.4 and later have it.',
    });
    expect(server.asked.filter((name) => name.startsWith('data/'))).toEqual([]);
  });
});

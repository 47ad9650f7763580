import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { serve } from '../server/support/serve.js';

const FILE = new URL('../../dist/widget/verbatim-faq.js', import.meta.url);
const MAX_BYTES = 30 * 1024;

describe('the file of the element', () => {
  const script = readFileSync(FILE);

  it('is at most 30 kB when compressed', () => {
    expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('names no outside address and parses no markup', () => {
    const text = script.toString();
    const addresses = Array.from(text.matchAll(/\bhttps?:\/\/[^"'`\s]+/g), ([address]) => address);
    // The name of SVG's elements, which nothing fetches.
    expect(addresses).toEqual(['http://www.w3.org/2000/svg']);
    expect(text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
  });

  it('can be imported where there is no page', async () => {
    expect(Object.keys((await import(FILE.href)) as object).sort()).toEqual([
      'EngineError',
      'HttpEngine',
      'VerbatimFaq',
    ]);
  });

  it('is served beside the routes', async () => {
    const response = await request(await serve())
      .get('/widget/verbatim-faq.js')
      .buffer(true);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^text\/javascript/);
    expect(response.headers['cache-control']).toBe('public, max-age=3600');
    expect(response.text).toBe(script.toString());
  });
});

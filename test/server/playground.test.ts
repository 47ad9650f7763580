import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp, verbatimRouter } from '../../src/server/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { reply } from './support/reply.js';
import { serve, serverDeps } from './support/serve.js';

const REPORT = '<style>p { color: red }</style><p>Evaluation</p>';

function reportFile(html = REPORT): string {
  return path.join(temporaryFolder({ 'report.html': html }), 'report.html');
}

describe('GET /', () => {
  it('is the playground, to everybody, under a policy that lets it load and run nothing but its own files', async () => {
    const keys = { check: async () => undefined };
    const { text, headers } = reply(
      await request(await serve({ keys }))
        .get('/')
        .expect(200)
        .expect('Content-Type', /^text\/html/),
    );
    expect(text).toContain('<title>Verbatim playground</title>');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(text).not.toMatch(/<script(?! type="module" src=)|<style|\sstyle=|\son\w+=/);
  });

  it.each([
    ['/', ''],
    ['/qa', '/qa'],
    ['/qa/', '/qa'],
    ['/deep/qa', '/deep/qa'],
  ])('finds its files where the router is mounted: %s', async (address, mounted) => {
    const app = express().use(mounted === '' ? '/' : mounted, verbatimRouter(await serverDeps()));
    const { text } = await request(app).get(address).expect(200);
    const files = Array.from(text.matchAll(/(?:src|href)="(\.[^"]+)"/g), ([, file = '']) => file);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const { pathname } = new URL(file, `http://host${address}`);
      expect(pathname).toMatch(new RegExp(`^${mounted}/playground/playground\\.`));
      const response = await request(app).get(pathname).expect(200);
      expect(response.headers['cache-control']).toBe('public, max-age=0');
      await request(app)
        .get(pathname)
        .set('If-Modified-Since', response.headers['last-modified'] ?? '')
        .expect(304);
    }
  });

  it('stands in no OpenAPI document', async () => {
    const { body } = reply(await request(await serve()).get('/openapi.json'));
    const paths = Object.keys((body as { paths: object }).paths);
    expect(paths.filter((name) => name === '/' || name.startsWith('/playground'))).toEqual([]);
  });
});

describe('the evaluation report', () => {
  it('is shown as it is now, under a policy of its own; the page lets its style sheet and no other', async () => {
    const file = reportFile();
    const app = await serve({ report: file });
    const { text, headers } = reply(await request(app).get('/playground/report').expect(200));
    expect(text).toBe(REPORT);
    expect(headers['content-security-policy']).toContain('sandbox');
    const policyOf = async (): Promise<string> =>
      (await request(app).get('/')).headers['content-security-policy'] ?? '';
    const hash = (style: string): string => createHash('sha256').update(style).digest('base64');
    expect(await policyOf()).toContain(`style-src 'self' 'sha256-${hash('p { color: red }')}';`);
    writeFileSync(file, '<style>p{}</style>changed');
    expect((await request(app).get('/playground/report')).text).toBe('<style>p{}</style>changed');
    expect(await policyOf()).toContain(hash('p{}'));
    rmSync(file);
    await request(app).get('/playground/report').expect(404);
    expect(await policyOf()).toContain("style-src 'self';");
  });

  it('needs the key that questions need, for it quotes documents', async () => {
    const keys = {
      check: async (token: string) => (token === 'good' ? { id: 'k', scopes: ['read'] as const } : undefined),
    };
    const app = createApp(await serverDeps({ keys, report: reportFile() }));
    await request(app).get('/playground/report').expect(401);
    await request(app).get('/playground/report').set('X-Api-Key', 'good').expect(200);
  });

  it('is a problem where there is none', async () => {
    const { body } = reply(
      await request(await serve())
        .get('/playground/report')
        .expect(404),
    );
    expect(body).toMatchObject({ code: 'no-report' });
  });
});

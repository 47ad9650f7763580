import { inspect } from 'node:util';
import { Client } from '@opensearch-project/opensearch';
import { describe, expect, it, onTestFinished } from 'vitest';
import { wholePassage } from '../../src/core/passage.js';
import type { OpenSearchOptions } from '../../src/retriever/opensearch/connection.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../../src/retriever/opensearch/index.js';
import { startStandIn } from '../support/engine-stand-in.js';
import { errorOf } from '../support/error-of.js';

const UNUSED_NODE = 'http://127.0.0.1:1';

const retrieverAt = (options: OpenSearchOptions): OpenSearchRetriever => {
  const retriever = new OpenSearchRetriever({ ...options, index: 'kb' });
  onTestFinished(() => retriever.close());
  return retriever;
};

describe('OpenSearchRetriever on an engine that fails', () => {
  it.each([
    [401, 'Unauthorized', 'engine-refused', 'refused the credentials: HTTP 401'],
    [
      403,
      { error: { type: 'security_exception', reason: 'no permissions for [indices:data/read/search]' } },
      'engine-refused',
      'refused the credentials: HTTP 403, no permissions for [indices:data/read/search]',
    ],
    [
      400,
      { error: { type: 'x', root_cause: [{ type: 'parsing_exception', reason: 'unknown\n query' }] } },
      'engine-refused',
      'refused the request: HTTP 400, unknown query',
    ],
    [
      429,
      { error: { type: 'circuit_breaking_exception', reason: 'Data too large' } },
      'engine-unavailable',
      'is not available: HTTP 429, Data too large',
    ],
    [503, '<html>upstream</html>', 'engine-unavailable', 'is not available: HTTP 503'],
  ])('reports HTTP %i as what it is', async (status, body, code, message) => {
    const { node } = await startStandIn(({ path }) =>
      path.endsWith('/_search') ? { status, body } : undefined,
    );
    const error = await errorOf(() => retrieverAt({ node }).retrieve('hub'));
    expect(error.code).toBe(code);
    expect(error.message).toBe(`OpenSearch at ${node} ${message}.`);
  });

  it('reports an engine that nothing listens for, and no password', async () => {
    const retriever = retrieverAt({ node: 'http://anna:s3cret@127.0.0.1:1' });
    const error = await errorOf(() => retriever.retrieve('hub'));
    expect(error.code).toBe('engine-unavailable');
    expect(error.message).toMatch(/^OpenSearch at http:\/\/127\.0\.0\.1:1 is not available: .*ECONNREFUSED/u);
    expect(inspect(error, { depth: 20 })).not.toContain('s3cret');
  });

  it.each([
    ['in the address', (node: string) => ({ node: node.replace('//', '//anna:s3cr%40%C3%A4%25@') })],
    ['in the address as they are', (node: string) => ({ node: node.replace('//', '//anna:s3cr@ä%@') })],
    ['as an option', (node: string) => ({ node, auth: { username: 'anna', password: 's3cr@ä%' } })],
  ])('sends credentials given %s, and tells nobody else when they are refused', async (_, options) => {
    const { node, requests } = await startStandIn(() => ({ status: 401, body: 'Unauthorized' }));
    const error = await errorOf(() => retrieverAt(options(node)).retrieve('hub'));
    expect(requests[0]?.authorization).toBe(`Basic ${Buffer.from('anna:s3cr@ä%').toString('base64')}`);
    expect(error.code).toBe('engine-refused');
    expect(inspect(error, { depth: 20 })).not.toMatch(/s3cr|YW5uYT/u);
  });

  it('gives up on an engine that does not answer in time, or stops half-way', async () => {
    for (const begin of [false, true]) {
      const { node } = await startStandIn(({ path }, { response }) => {
        if (path !== '/') return undefined;
        if (begin) response.writeHead(200, { 'content-type': 'application/json' }).write('{"version":');
        return new Promise(() => undefined);
      });
      const error = await errorOf(() => retrieverAt({ node, timeoutMs: 100 }).retrieve('hub'));
      expect(error.code).toBe('engine-unavailable');
      expect(error.message).toMatch(/is not available: (no answer within 100 ms|Request timed out)\.$/u);
    }
  });

  it('cancels the search when its signal is aborted', async () => {
    const controller = new AbortController();
    let cancelled: Promise<unknown> | undefined;
    const { node } = await startStandIn(({ path }, { response }) => {
      if (!path.endsWith('/_search')) return undefined;
      cancelled = new Promise((resolve) => response.once('close', () => resolve(response.writableFinished)));
      controller.abort(new Error('enough'));
      return new Promise(() => undefined);
    });
    await expect(retrieverAt({ node }).retrieve('hub', { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(await cancelled).toBe(false);
  });

  it('sends nothing for a signal that is aborted while the client loads', async () => {
    const controller = new AbortController();
    const { node, requests } = await startStandIn();
    const found = retrieverAt({ node }).retrieve('hub', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    expect(requests).toEqual([]);
  });

  it('asks again, once, when the index was exchanged while the search was on its way', async () => {
    for (const type of ['index_not_found_exception', 'search_context_missing_exception']) {
      const body = { error: { type: 'x', root_cause: [{ type, reason: 'gone' }] } };
      const answers = [{ status: 404, body }, undefined, { status: 404, body }, { status: 404, body }];
      const { node } = await startStandIn(({ path }) =>
        path.endsWith('/_search') ? answers.shift() : undefined,
      );
      const retriever = retrieverAt({ node });
      expect(await retriever.retrieve('hub')).toEqual([]);
      expect((await errorOf(() => retriever.retrieve('hub'))).code).toBe('engine-refused');
    }
  });

  it('asks another node when one is down', async () => {
    const { node } = await startStandIn();
    expect(await retrieverAt({ node: [UNUSED_NODE, node] }).retrieve('hub')).toEqual([]);
  });

  it('sends the question to a client of the caller, and leaves it open', async () => {
    const { node, requests } = await startStandIn();
    const client = new Client({ node, headers: { authorization: 'Bearer token' } });
    onTestFinished(() => client.close());
    const retriever = new OpenSearchRetriever({ client, index: 'kb' });
    expect(await retriever.retrieve('hub')).toEqual([]);
    await retriever.close();
    expect((await errorOf(() => retriever.retrieve('hub'))).code).toBe('closed');
    expect((await client.info()).statusCode).toBe(200);
    expect(requests.every(({ authorization }) => authorization === 'Bearer token')).toBe(true);
  });

  it.each([
    [{ version: { number: '8.19.0' } }, 'Expected OpenSearch 2 or later, got another engine 8.19.0.'],
    [
      { version: { number: '1.3.20', distribution: 'opensearch' } },
      'Expected OpenSearch 2 or later, got opensearch 1.3.20.',
    ],
    ['<html>It works</html>', 'with something else than expected'],
  ])('refuses another engine: %j', async (body, message) => {
    const { node } = await startStandIn(({ path }) => (path === '/' ? { body } : undefined));
    const error = await errorOf(() => retrieverAt({ node }).retrieve('hub'));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toContain(message);
  });

  it('searches where the version may not be asked for', async () => {
    const body = { error: { type: 'security_exception', reason: 'no permissions' } };
    const { node } = await startStandIn(({ path }) => (path === '/' ? { status: 403, body } : undefined));
    expect(await retrieverAt({ node }).retrieve('hub')).toEqual([]);
  });

  it.each([
    ['of something else', {}],
    ['got format 2', { _meta: { verbatim: { format: 2 } } }],
  ])('refuses an index %s', async (message, mappings) => {
    const { node } = await startStandIn(({ path }) =>
      path.endsWith('/_mapping') ? { body: { kb: { mappings } } } : undefined,
    );
    const error = await errorOf(() => retrieverAt({ node }).retrieve('hub'));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toContain(message);
  });

  it('refuses a document that is no passage, and scores that it cannot account for', async () => {
    const hit = { _index: 'kb', _score: 1, _source: { title: 'x' } };
    const answers = [hit, { ...hit, _source: wholePassage('d', 'hub') }];
    const { node } = await startStandIn(({ path }) =>
      path.endsWith('/_search') ? { body: { hits: { hits: answers.slice(0, 1) } } } : undefined,
    );
    const retriever = retrieverAt({ node });
    expect((await errorOf(() => retriever.retrieve('hub'))).message).toContain('hits.hits.0._source.id');
    answers.shift();
    expect((await errorOf(() => retriever.retrieve('hub'))).message).toContain('in an unknown form');
  });
});

describe('OpenSearchIndex on an engine that fails', () => {
  it('deletes the new index and leaves the alias alone if a reindex fails half-way', async () => {
    const { node, requests } = await startStandIn((request) => {
      if (request.path.endsWith('/_mapping'))
        return { body: { 'kb-1': { mappings: { _meta: { verbatim: { format: 1 } } } } } };
      return request.path.endsWith('/_bulk') ? { status: 400 } : undefined;
    });
    const now = (): Date => new Date('2026-11-21T17:05:09.123Z');
    const index = new OpenSearchIndex({ node, index: 'kb', now });
    onTestFinished(() => index.close());
    expect((await errorOf(() => index.reindex([wholePassage('d', 'hub')]))).code).toBe('engine-refused');
    expect(
      requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    ).toEqual([
      'PUT /kb-20261121170509123',
      'POST /kb-20261121170509123/_bulk',
      'DELETE /kb-20261121170509123',
    ]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { OpenSearchServer } from '../support/opensearch-server.js';
import { runNode } from '../support/run-cli.js';
import { startServerProcess } from '../support/server-process.js';

const INSTALL = 'examples/opensearch-plugin/install.js';

/** A server of its own: with ML Commons. */
let server: OpenSearchServer;
beforeAll(async () => {
  server = await OpenSearchServer.start({ machineLearning: true });
  return () => server.close();
});

const send = async (method: string, path: string, body: unknown): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(server.node + path, { method, headers, body: JSON.stringify(body) })).json();
};

describe('the example opensearch-plugin', () => {
  it('makes every search of an index bring its answer', async () => {
    const body = 'The warranty lasts two years from delivery.';
    await send('PUT', '/articles/_doc/a?refresh=true', { headline: 'Warranty', body });
    const { url } = await startServerProcess();
    const args = ['--opensearch', server.node, '--verbatim', url, '--text', 'body', '--title', 'headline'];
    const { code, stdout, stderr } = await runNode([INSTALL, ...args, '--index', 'articles']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Pipeline answers answers with model \S+\.\n$/u);
    expect(code).toBe(0);
    const query = { match: { body: 'warranty' } };
    const ext = { ml_inference: { question: 'How long does the warranty last?' } };
    expect(await send('POST', '/articles/_search', { query, ext })).toMatchObject({
      hits: { hits: [{ _id: 'a' }] },
      ext: { ml_inference: { answer: { kind: 'answer', answer: 'two years' } } },
    });
    expect(await send('POST', '/articles/_search', { query })).not.toHaveProperty('ext');
  });

  it('says what is wrong', async () => {
    expect(await runNode([INSTALL])).toMatchObject({ code: 2 });
    const args = [
      '--opensearch',
      'http://127.0.0.1:2',
      '--verbatim',
      'http://127.0.0.1:8080',
      '--text',
      'body',
    ];
    const { code, stderr } = await runNode([INSTALL, ...args]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });
});

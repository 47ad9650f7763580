import { Client } from '@opensearch-project/opensearch';
import { describe, expect, it } from 'vitest';
import { importClient } from '../../src/retriever/opensearch/client.js';
import type { OpenSearchOptions } from '../../src/retriever/opensearch/connection.js';
import { OpenSearchIndex, OpenSearchRetriever } from '../../src/retriever/opensearch/index.js';
import { errorOf } from '../support/error-of.js';

const UNUSED_NODE = 'http://127.0.0.1:1';

describe('the options of a connection', () => {
  it.each<[string, OpenSearchOptions]>([
    ['exactly one of the options node and client', {}],
    [
      'exactly one of the options node and client',
      { node: UNUSED_NODE, client: new Client({ node: UNUSED_NODE }) },
    ],
    ['node to name at least one address, got none', { node: [] }],
    ['node to be an http or https address, got "localhost:9200"', { node: 'localhost:9200' }],
    ['node to be an http or https address, got "//…@host"', { node: '//anna:s3cr@/t@host' }],
    ['timeoutMs to be a whole number from 1 to 2147483647, got 0', { node: UNUSED_NODE, timeoutMs: 0 }],
  ])('are refused, saying: Expected %s', async (message, options) => {
    const error = await errorOf(() => new OpenSearchRetriever({ ...options, index: 'kb' }));
    expect(error.code).toBe('invalid-option');
    expect(error.message).toContain(`Expected ${message}`);
  });

  it.each(['', 'a,b', 'kb*', '_all', '-kb', 'a/b'])('refuse %j as a name of an index', async (index) => {
    const error = await errorOf(() => new OpenSearchRetriever({ node: UNUSED_NODE, index }));
    expect(error.message).toContain('Expected index to be the name of one index or alias');
  });

  it.each([
    ['shards', { shards: 0 }],
    ['shards', { shards: 1025 }],
    ['replicas', { replicas: -1 }],
    ['k1', { bm25: { k1: -1 } }],
  ])('refuse %s out of range', async (name, options) => {
    const error = await errorOf(() => new OpenSearchIndex({ node: UNUSED_NODE, index: 'kb', ...options }));
    expect(error.message).toContain(`Expected ${name} to be`);
  });
});

describe('a missing client package', () => {
  it('is named, with the command that installs it', async () => {
    const error = await errorOf(() => importClient(() => Promise.reject(new Error('Cannot find package'))));
    expect(error.code).toBe('invalid-option');
    expect(error.message).toContain('npm install @opensearch-project/opensearch');
  });
});

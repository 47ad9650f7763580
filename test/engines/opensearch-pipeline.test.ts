import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openSearchConnector, openSearchModel, openSearchSearchPipeline } from '../../src/engines/index.js';
import { errorOf } from '../support/error-of.js';

/** The bodies of the requests that the how-to shows. */
const shown = Array.from(
  readFileSync('docs/how-to-opensearch-search-pipeline.md', 'utf8').matchAll(
    /^```http\n(\S+ \S+)\n(.*?)^```$/gms,
  ),
  ([, request = '', body = '']) => [request, JSON.parse(body) as Record<string, unknown>] as const,
);

describe('the definitions for a search pipeline', () => {
  it('are those that the how-to shows', () => {
    expect(shown.slice(1, 4)).toEqual([
      [
        'POST /_plugins/_ml/connectors/_create',
        openSearchConnector({ url: 'https://qa.example.com', apiKey: '…' }),
      ],
      ['POST /_plugins/_ml/models/_register?deploy=true', openSearchModel('…')],
      [
        'PUT /_search/pipeline/answers',
        openSearchSearchPipeline({ modelId: '…', textField: 'body', titleField: 'headline' }),
      ],
    ]);
  });

  it('reach into objects, whatever the names are', () => {
    const pipeline = openSearchSearchPipeline({
      modelId: 'm',
      textField: ['a.b', "it's"],
      uriField: 'a.url',
      topK: 3,
    });
    expect(pipeline).toMatchObject({
      response_processors: [
        {
          ml_inference: {
            input_map: [{ documents: "$['a.b','a','it\\'s','a.url']" }],
            model_config: { topK: '3', fields: '{"textField":["a.b","it\'s"],"uriField":"a.url"}' },
          },
        },
      ],
    });
  });

  it('keep the path of a server behind a proxy, and send no key where there is none', () => {
    const connector = openSearchConnector({ url: 'http://127.0.0.1:8080/qa/' });
    expect(connector).toMatchObject({ actions: [{ url: 'http://127.0.0.1:8080/qa/v1/read' }] });
    expect(JSON.stringify(connector)).not.toContain('Authorization');
  });

  it.each([
    ['url to be an http or https address', () => openSearchConnector({ url: 'localhost:8080' })],
    ['url to be an http or https address', () => openSearchConnector({ url: '' })],
    ['without credentials, got "https://…@host"', () => openSearchConnector({ url: 'https://a:b@host' })],
    ['timeoutSeconds to be', () => openSearchConnector({ url: 'http://a', timeoutSeconds: 0 })],
    [
      'topK to be a whole number from 1 to 100',
      () => openSearchSearchPipeline({ modelId: 'm', textField: 'a', topK: 101 }),
    ],
    ['textField to name a field', () => openSearchSearchPipeline({ modelId: 'm', textField: '' })],
  ])('are refused, saying: %s', async (message, make) => {
    const error = await errorOf(make);
    expect(error.code).toBe('invalid-option');
    expect(error.message).toContain(message);
  });
});

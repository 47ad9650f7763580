import { received, requireInteger, VerbatimError } from '../core/errors.js';
import { checkFields, fieldNames, type HitFields } from './hit-fields.js';

/** A search waits for its answer so long. */
const READ_TIMEOUT_SECONDS = 10;
const DEFAULT_TOP_K = 10;

export interface ConnectorOptions {
  /** Where the server of `verbatim serve` is reached from OpenSearch: `https://qa.example.com`. */
  readonly url: string;
  /** A key with the scope `read`; OpenSearch keeps it encrypted. @defaultValue none */
  readonly apiKey?: string;
  /** Seconds for one answer, at least 1; OpenSearch counts in whole ones. @defaultValue 10 */
  readonly timeoutSeconds?: number;
}

/**
 * The body of `POST /_plugins/_ml/connectors/_create`: how OpenSearch asks this server's `POST /v1/read`.
 *
 * @throws VerbatimError `invalid-option`.
 *
 * @example
 * const { body } = await client.http.post({ path: '/_plugins/_ml/connectors/_create', body: openSearchConnector({ url }) });
 */
export function openSearchConnector(options: ConnectorOptions): Record<string, unknown> {
  const { url, apiKey } = options;
  const seconds = requireInteger('timeoutSeconds', options.timeoutSeconds ?? READ_TIMEOUT_SECONDS, 1);
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!/^https?:$/.test(address?.protocol ?? '') || address?.username !== '') {
    throw new VerbatimError(
      'invalid-option',
      `Expected url to be an http or https address without credentials, got ${received(url.replace(/\/\/.*@/su, '//…@'))}.`,
    );
  }
  return {
    name: 'Verbatim',
    description: 'Extractive answers from the hits of a search',
    version: 1,
    protocol: 'http',
    // OpenSearch refuses a connector without any; this one is sent only where there is a key.
    credential: { apiKey: apiKey ?? 'none' },
    client_config: { connection_timeout: seconds, read_timeout: seconds, max_retry_times: 0 },
    actions: [
      {
        action_type: 'predict',
        method: 'POST',
        url: `${address.origin}${address.pathname.replace(/\/$/, '')}/v1/read`,
        headers: {
          'Content-Type': 'application/json',
          ...(apiKey === undefined ? {} : { Authorization: 'Bearer ${credential.apiKey}' }),
        },
        // OpenSearch escapes the text and writes the others as the JSON that they are.
        request_body:
          '{"question": "${parameters.question}", "documents": ${parameters.documents}, ' +
          '"fields": ${parameters.fields}, "topK": ${parameters.topK}}',
      },
    ],
  };
}

/** The body of `POST /_plugins/_ml/models/_register?deploy=true`: the connector under an id that pipelines name. */
export function openSearchModel(connectorId: string): Record<string, unknown> {
  return { name: 'Verbatim', function_name: 'remote', connector_id: connectorId };
}

export interface SearchPipelineOptions extends Pick<
  HitFields,
  'textField' | 'titleField' | 'uriField' | 'idField' | 'html'
> {
  readonly modelId: string;
  /** How many hits are read at most, 1 to 100. @defaultValue 10 */
  readonly topK?: number;
  /** Where the question stands in the search request. @defaultValue `ext.ml_inference.question` */
  readonly questionPath?: string;
  /** Whether a search fails if its answer does, instead of coming without one. @defaultValue false */
  readonly failSearch?: boolean;
}

/**
 * The body of `PUT /_search/pipeline/NAME`: a response processor that puts an answer under `ext.ml_inference.answer` of the search
 * response. For OpenSearch 2.19 and later.
 *
 * @throws VerbatimError `invalid-option`.
 *
 * @example
 * const pipeline = openSearchSearchPipeline({ modelId, textField: 'body', titleField: 'headline' });
 * await client.http.put({ path: '/_search/pipeline/answers', body: pipeline });
 */
export function openSearchSearchPipeline(options: SearchPipelineOptions): Record<string, unknown> {
  checkFields(options);
  const { modelId, textField, titleField, uriField, idField, html } = options;
  const { questionPath = 'ext.ml_inference.question', failSearch = false } = options;
  const topK = requireInteger('topK', options.topK ?? DEFAULT_TOP_K, 1, 100);
  return {
    description: 'Answers from the hits',
    response_processors: [
      {
        ml_inference: {
          model_id: modelId,
          function_name: 'remote',
          one_to_one: false,
          ignore_missing: true,
          ignore_failure: !failSearch,
          model_config: {
            fields: JSON.stringify({ textField, titleField, uriField, idField, html }),
            topK: String(topK),
          },
          input_map: [{ question: `_request.${questionPath}`, documents: documentPath(options) }],
          output_map: [{ 'ext.ml_inference.answer': '$' }],
        },
      },
    ],
  };
}

/** A JSON path to what is read of a document: the objects at the top of names with dots come whole. */
function documentPath(fields: HitFields): string {
  const names = fieldNames(fields).flatMap((name) => [name, name.replace(/\..*$/s, '')]);
  const quoted = [...new Set(names)].map((name) => `'${name.replaceAll(/['\\]/g, '\\$&')}'`);
  return `$[${quoted.join(',')}]`;
}

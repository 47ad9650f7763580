/**
 * Teaches an OpenSearch (2.19 or later, with ML Commons) to answer: makes a connector to a Verbatim server, a model of it and a search
 * pipeline.
 *
 *   node install.js --opensearch http://127.0.0.1:9200 --verbatim http://127.0.0.1:8080 --text body [--title headline] [--uri url]
 *     [--id sku] [--pipeline answers] [--index articles]
 *
 * With --index, the pipeline becomes that index's own: every search of it brings an answer. VERBATIM_KEY is the server's API key;
 * OpenSearch's user and password stand in its address.
 */
import { parseArgs } from 'node:util';
import { Client } from '@opensearch-project/opensearch';
import { openSearchConnector, openSearchModel, openSearchSearchPipeline } from 'verbatim-qa/engines';

const string = { type: 'string' };
const { values } = parseArgs({
  options: {
    ...{ opensearch: string, verbatim: string, text: string, title: string, uri: string, id: string },
    ...{ pipeline: { ...string, default: 'answers' }, index: string },
  },
});
const { opensearch: node, verbatim: url, text: textField, pipeline, index } = values;
if (node === undefined || url === undefined || textField === undefined) {
  console.error('Expected --opensearch, --verbatim and --text.');
  process.exit(2);
}

const client = new Client({ node });
const send = async (method, path, body) => (await client.transport.request({ method, path, body })).body;

try {
  const apiKey = process.env.VERBATIM_KEY;
  const connector = openSearchConnector({ url, ...(apiKey && { apiKey }) });
  const { connector_id } = await send('POST', '/_plugins/_ml/connectors/_create', connector);
  const register = '/_plugins/_ml/models/_register?deploy=true';
  const { model_id: modelId } = await send('POST', register, openSearchModel(connector_id));
  const { title: titleField, uri: uriField, id: idField } = values;
  const definition = openSearchSearchPipeline({ modelId, textField, titleField, uriField, idField });
  await send('PUT', `/_search/pipeline/${encodeURIComponent(pipeline)}`, definition);
  if (index !== undefined) {
    const settings = { 'index.search.default_pipeline': pipeline };
    await send('PUT', `/${encodeURIComponent(index)}/_settings`, settings);
  }
  console.log(`Pipeline ${pipeline} answers with model ${modelId}.`);
} catch (error) {
  console.error(`OpenSearch refused: ${error.meta?.body?.error?.reason ?? error.message}`);
  process.exitCode = 1;
} finally {
  await client.close();
}

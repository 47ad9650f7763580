import { z } from 'zod';
import type { Route } from '../http/route.js';
import { documentId } from '../schemas/documents.js';
import type { Schemas } from '../schemas/index.js';
import { problem } from '../schemas/problem.js';
import type { ServerContext } from '../server-context.js';
import { createComponents, type Components } from './components.js';

type Json = Readonly<Record<string, unknown>>;

const KEY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
};

/** The OpenAPI 3.1 document of these routes, for a router that is mounted at `basePath`. */
export function openApiDocument(
  routes: readonly Route[],
  schemas: Schemas,
  { deps }: ServerContext,
  basePath: string,
): Json {
  const components = createComponents(schemas);
  const hasKeys = deps.keys !== undefined;
  const shown = routes.filter(({ isHidden }) => isHidden !== true);
  const paths = Array.from(new Set(shown.map(({ path }) => path)), (path): [string, Json] => {
    const operations = shown
      .filter((route) => route.path === path)
      .map((route): [string, Json] => [route.method, operationOf(route, components, hasKeys)]);
    return [path.replaceAll(/:(\w+)/g, '{$1}'), Object.fromEntries(operations)];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Verbatim',
      version: deps.info.version,
      description:
        'Answers questions with words that stand in a source and cites them to the character, or says that no passage supports an ' +
        'answer. Offsets are UTF-16 code units unless said otherwise.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths: Object.fromEntries(paths),
    components: { schemas: components.schemas, ...(hasKeys ? { securitySchemes: KEY_SCHEMES } : {}) },
  };
}

function operationOf(route: Route, components: Components, hasKeys: boolean): Json {
  const { path, query, body, stream, scope } = route;
  const taken = stream === undefined ? { 'application/json': body } : { [stream.type]: stream.item };
  const parameters = [
    ...pathParameters(path, components),
    ...queryParameters(query?.shape ?? {}, components),
  ];
  return {
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    operationId: operationId(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined && stream === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(taken, components) } }),
    responses: responsesOf(route, components),
    ...(hasKeys ? { security: scope === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }] } : {}),
  };
}

/** `get /v1/documents/:id` is `getV1DocumentsId`. */
function operationId({ method, path }: Route): string {
  return method + path.replaceAll(/[^a-zA-Z0-9]+([a-zA-Z0-9])/g, (_, first: string) => first.toUpperCase());
}

function pathParameters(path: string, { use }: Components): Json[] {
  return Array.from(path.matchAll(/:(\w+)/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: use(documentId),
  }));
}

function queryParameters(shape: Readonly<Record<string, z.ZodType>>, { use }: Components): Json[] {
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema instanceof z.ZodExactOptional),
    schema: use(schema),
  }));
}

function responsesOf({ responses, scope }: Route, components: Components): Json {
  const described = Object.entries(responses).map(([status, { description, content }]): [string, Json] => [
    status,
    { description, ...(content === undefined ? {} : { content: contentOf(content, components) }) },
  ]);
  const failure = {
    description: 'What is wrong, with a stable code',
    content: contentOf({ 'application/problem+json': problem }, components),
  };
  return {
    ...Object.fromEntries(described),
    ...(scope === 'public' ? {} : { '4XX': failure }),
    '5XX': failure,
  };
}

function contentOf(schemaOfType: Readonly<Record<string, z.ZodType | undefined>>, { use }: Components): Json {
  return Object.fromEntries(
    Object.entries(schemaOfType).map(([type, schema]): [string, Json] => [
      type,
      { schema: schema === undefined ? { type: 'string' } : use(schema) },
    ]),
  );
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAnswerer, createVerbatim, loadReader } from '../../src/index.js';
import { createApp } from '../../src/server/index.js';
import { code, escapeText, inlineCode, paragraphs, table } from './markdown.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly security?: readonly object[];
}

interface OpenApi {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The reference of the HTTP API, made of the OpenAPI document that a server with keys gives. */
export async function httpReference(): Promise<string> {
  const { info, paths, components } = await openApiOfServer();
  return paragraphs(
    '# HTTP API',
    escapeText(info.description),
    'This page is made of the OpenAPI document that a server gives at `/openapi.json`, with the limits of a server that sets none of its ' +
      'own. [The HTTP API](/http-api) explains; a running server lets you try it at `/docs`.',
    ...Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => sectionOf(method, path, operation)),
    ),
    '## Schemas',
    ...Object.entries(components.schemas).map(([name, schema]) => schemaSection(name, schema)),
  );
}

/** Asks a server that keys would let in; it reads nothing, but has to have something to read with. */
async function openApiOfServer(): Promise<OpenApi> {
  const reader = await loadReader({ workers: 1 });
  await using verbatim = await createVerbatim({ documents: [], reader });
  await using answerer = await createAnswerer({ reader });
  const server = createServer(
    createApp({
      verbatim,
      answerer,
      keys: { check: async () => undefined },
      info: { version: reader.manifest.revision, model: { id: reader.manifest.id } },
    }),
  );
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    return (await response.json()) as OpenApi;
  } finally {
    server.close();
    await reader.reader.close();
  }
}

function sectionOf(method: string, path: string, operation: Operation): string {
  const { summary, description = '', parameters = [], requestBody, responses, security = [] } = operation;
  return paragraphs(
    `## ${method.toUpperCase()} ${escapeText(path)}`,
    `${escapeText(summary)}.`,
    inlineCode(description),
    security.length === 0 ? 'Needs no key.' : '',
    parameters.length === 0
      ? ''
      : table(
          ['Parameter', 'In', 'Type', 'What it is'],
          parameters.map(({ name, in: where, required, schema }) => [
            `${code(name)}${required ? ', required' : ''}`,
            where,
            typeOf(schema),
            escapeText(schema.description ?? ''),
          ]),
        ),
    requestBody === undefined ? '' : `Body: ${contentOf(requestBody.content)}.`,
    table(
      ['Status', 'Response', 'Body'],
      Object.entries(responses).map(([status, response]) => [
        code(status),
        escapeText(response.description),
        response.content === undefined ? '' : contentOf(response.content),
      ]),
    ),
  ).trimEnd();
}

function schemaSection(name: string, schema: Schema): string {
  const { properties, required = [] } = schema;
  return paragraphs(
    `### ${name} {#schema-${name.toLowerCase()}}`,
    escapeText(schema.description ?? ''),
    properties === undefined
      ? `Is ${typeOf(schema)}.`
      : table(
          ['Field', 'Type', 'What it is'],
          Object.entries(properties).map(([field, value]) => [
            `${code(field)}${required.includes(field) ? ', required' : ''}`,
            typeOf(value),
            escapeText(value.description ?? ''),
          ]),
        ),
  ).trimEnd();
}

function contentOf(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `${typeOf(schema)} as ${code(type)}`)
    .join(', or ');
}

/** A schema in words: links to those with a name, bounds behind the rest. */
function typeOf(schema: Schema): string {
  const { $ref, type, items, properties, format } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return `[${name}](#schema-${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(' or ');
  if (items !== undefined)
    return `list of ${typeOf(items)}${bounds(schema.minItems, schema.maxItems, 'entries')}`;
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(([name, field]) => `${code(name)}: ${typeOf(field)}`);
    return `object of ${fields.join(', ')}`;
  }
  const size =
    type === 'string'
      ? bounds(schema.minLength, schema.maxLength, 'characters')
      : bounds(schema.minimum, schema.maximum, '');
  return `${format ?? type ?? 'anything'}${size}`;
}

/** Bounds that say something: those of every integer do not. */
function bounds(min: number | undefined, max: number | undefined, unit: string): string {
  const low = min === undefined || min <= Number.MIN_SAFE_INTEGER ? undefined : min;
  const high = max === undefined || max >= Number.MAX_SAFE_INTEGER ? undefined : max;
  if (low === undefined && high === undefined) return '';
  const range =
    low !== undefined && high !== undefined
      ? `${low} to ${high}`
      : low === undefined
        ? `at most ${high ?? ''}`
        : `at least ${low}`;
  return ` (${range}${unit === '' ? '' : ` ${unit}`})`;
}

import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { httpEndpoint, type McpContext, type McpDeps } from '../../../src/mcp/index.js';
import { serverDeps, type ServeOptions } from '../../server/support/serve.js';

/** The revisions of the protocol that clients speak: since 2026 without a handshake, before with sessions. */
export const ERAS = ['2026-07-28', '2025-11-25'] as const;
export type Era = (typeof ERAS)[number];

export interface McpTestOptions extends ServeOptions {
  readonly deps?: Promise<McpDeps>;
  readonly defaults?: McpContext['defaults'];
}

/** A context over the lamp maker's documents, and the faults that it was told of. */
export async function mcpContext({ deps, defaults = {}, ...options }: McpTestOptions = {}): Promise<
  McpContext & { readonly faults: Error[] }
> {
  const { verbatim, knowledgeBase } = await serverDeps(options);
  const faults: Error[] = [];
  return {
    deps: deps ?? Promise.resolve({ verbatim, documents: knowledgeBase }),
    version: '1.2.3',
    defaults,
    onError: (error) => faults.push(error),
    faults,
  };
}

/** A client of the official SDK, without a network between. */
export async function connectTo(
  fetch: (request: Request) => Promise<Response>,
  era: Era = '2026-07-28',
): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '0' },
    era === '2026-07-28' ? { versionNegotiation: { mode: 'auto' } } : {},
  );
  const transport = new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
    fetch: (url, init) => fetch(new Request(url, init)),
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

/** A client of a server of its own. */
export async function connect(options: McpTestOptions = {}, era?: Era): Promise<Client> {
  const endpoint = httpEndpoint(await mcpContext(options));
  onTestFinished(() => endpoint.close());
  return connectTo(endpoint.fetch, era);
}

/** The text of a tool's result. */
export function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : `(${block.type})`)).join('\n');
}

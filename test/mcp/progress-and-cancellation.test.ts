import { once } from 'node:events';
import type { Progress } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { httpEndpoint, type McpDeps } from '../../src/mcp/index.js';
import { until } from '../server/support/until.js';
import { GatedReader } from '../server/support/readers.js';
import { serverDeps } from '../server/support/serve.js';
import { connect, connectTo, ERAS, mcpContext } from './support/connect.js';

const CALL = { name: 'answer', arguments: { question: 'How long is the warranty of the lamp?' } };

describe.each(ERAS)('a call of a client of %s', (era) => {
  it('is told how many passages have been read, if it asks', async () => {
    const client = await connect({}, era);
    const told: Progress[] = [];
    const result = await client.callTool(CALL, { onprogress: (progress) => void told.push(progress) });
    const { passagesRead } = result.structuredContent as { passagesRead: number };
    expect(passagesRead).toBeGreaterThan(1);
    expect(told.map(({ progress }) => progress)).toEqual(
      Array.from({ length: passagesRead + 1 }, (_, i) => i),
    );
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([passagesRead]));
    expect(told.at(-1)?.message).toBe(`${passagesRead} of ${passagesRead} passages read`);
  });

  it('stops reading when it is cancelled, and others go on', async () => {
    const reader = new GatedReader();
    const endpoint = httpEndpoint(await mcpContext({ reader }));
    const [client, other] = [await connectTo(endpoint.fetch, era), await connectTo(endpoint.fetch, era)];
    const controller = new AbortController();
    const cancelled = client.callTool(CALL, { signal: controller.signal });
    const kept = other.callTool(CALL);
    await reader.started(2);
    controller.abort(new Error('changed my mind'));
    await expect(cancelled).rejects.toThrow('changed my mind');
    await until(async () => reader.aborted === 1);
    reader.open();
    expect((await kept).structuredContent).toMatchObject({ kind: 'answer' });
    expect(reader.aborted).toBe(1);
    expect((await client.callTool(CALL)).structuredContent).toMatchObject({ kind: 'answer' });
  });

  it('waits while the index is loaded, and may be cancelled meanwhile', async () => {
    const { verbatim, knowledgeBase } = await serverDeps();
    let loaded: ((deps: McpDeps) => void) | undefined;
    const deps = new Promise<McpDeps>((resolve) => (loaded = resolve));
    const client = await connect({ deps }, era);
    // Connecting and listing needs no index.
    expect((await client.listTools()).tools).toHaveLength(3);
    const controller = new AbortController();
    const cancelled = client.callTool(CALL, { signal: controller.signal });
    const kept = client.callTool(CALL);
    controller.abort(new Error('too slow'));
    await expect(cancelled).rejects.toThrow('too slow');
    loaded?.({ verbatim, documents: knowledgeBase });
    expect((await kept).structuredContent).toMatchObject({ kind: 'answer' });
  });
});

describe('clients that leave', () => {
  it('give up their calls with the end of a session', async () => {
    const reader = new GatedReader();
    const endpoint = httpEndpoint(await mcpContext({ reader }));
    const client = await connectTo(endpoint.fetch, '2025-11-25');
    const call = client.callTool(CALL).catch(() => 'failed');
    await reader.started(1);
    await (client.transport as { terminateSession?: () => Promise<void> } | undefined)?.terminateSession?.();
    await until(async () => reader.aborted === 1);
    await client.close();
    expect(await call).toBe('failed');
  });

  it('give up theirs with the connection, since 2026', async () => {
    const reader = new GatedReader();
    const endpoint = httpEndpoint(await mcpContext({ reader }));
    const connection = new AbortController();
    const client = await connectTo(
      (request) => endpoint.fetch(new Request(request, { signal: connection.signal })),
      '2026-07-28',
    );
    const call = client.callTool(CALL).catch(() => 'failed');
    await reader.started(1);
    const aborted = once(connection.signal, 'abort');
    connection.abort();
    await aborted;
    await until(async () => reader.aborted === 1);
    await client.close();
    expect(await call).toBe('failed');
  });
});

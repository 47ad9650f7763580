import type { Readable, Writable } from 'node:stream';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from './create-mcp-server.js';
import type { McpContext } from './deps.js';

/** The process's own streams, as a rule. */
export interface StdioStreams {
  readonly input: Readable;
  readonly output: Writable;
}

export interface StdioConnection {
  /** Fulfilled once the client has ended its side, or the connection is of no more use. Calls that run then are cancelled. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Serves one client. Nothing else may write to the output. */
export function serveOverStdio(context: McpContext, { input, output }: StdioStreams): StdioConnection {
  const transport = new StdioServerTransport(input, output);
  const server = serveStdio(() => createMcpServer(context), {
    transport,
    onerror: context.onError,
    maxSubscriptions: 0,
  });
  const ended = new Promise<void>((resolve) => {
    const onClose = transport.onclose;
    transport.onclose = () => {
      onClose?.();
      resolve();
    };
  });
  return { ended, close: () => server.close() };
}

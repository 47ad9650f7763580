import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
};

const STRICT_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src data:";

/** What a server sends instead of a file. */
export type Fault = (content: Buffer, response: ServerResponse) => void;

export interface SiteServer {
  readonly url: string;
  readonly origin: string;
  /** Paths that were asked for, without the query, so far. */
  readonly asked: readonly string[];
  /** By path; may be changed at any time. */
  readonly faults: Map<string, Fault>;
  stop(): Promise<void>;
}

export interface SiteServerOptions {
  /** Sends the headers that make pages cross-origin isolated. @defaultValue false */
  readonly isolated?: boolean;
}

/** Starts a server of static files on the loopback interface. */
export async function startSiteServer(folder: string, options: SiteServerOptions = {}): Promise<SiteServer> {
  const asked: string[] = [];
  const faults = new Map<string, Fault>();
  const headers = {
    'Content-Security-Policy': STRICT_POLICY,
    ...(options.isolated === true
      ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
      : {}),
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = (pathname.endsWith('/') ? `${pathname}index.html` : pathname).slice(1);
    asked.push(name);
    void readFile(path.join(folder, name)).then(
      (content) => {
        for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
        response.setHeader('Content-Type', TYPES[path.extname(name)] ?? 'application/octet-stream');
        const fault = faults.get(name);
        if (fault === undefined) response.end(content);
        else fault(content, response);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    // A server that has been stopped may be stopped again.
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const origin = `http://127.0.0.1:${address.port}`;
  return { url: `${origin}/`, origin, asked, faults, stop };
}

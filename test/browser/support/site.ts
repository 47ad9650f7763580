import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const BUILD = new URL('../../../dist/', import.meta.url);

export interface LocalServer {
  readonly url: string;
  /** Ends it, with the connections that are open. */
  readonly close: () => void;
}

/** A server of this process's own on a free port. */
export async function startLocalServer(handle: RequestListener): Promise<LocalServer> {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export interface SitePage {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A web site of pages that embed what the build has for browsers: its files are at `/dist/`. */
export interface Site extends LocalServer {
  /** Puts a page on the site and returns its address. */
  readonly put: (path: string, page: SitePage) => string;
}

export async function startSite(): Promise<Site> {
  const pages = new Map<string, SitePage>();
  const server = await startLocalServer((req, res) => answer(pages, req, res));
  return {
    ...server,
    put: (path, page) => {
      pages.set(path, page);
      return server.url + path;
    },
  };
}

function answer(pages: ReadonlyMap<string, SitePage>, req: IncomingMessage, res: ServerResponse): void {
  const { pathname } = new URL(req.url ?? '', 'http://site');
  const file = /^\/dist\/(widget\/[\w-]+\.js)$/.exec(pathname)?.[1];
  const page = pages.get(pathname);
  if (file !== undefined) {
    res.setHeader('Content-Type', 'text/javascript').end(readFileSync(fileURLToPath(new URL(file, BUILD))));
  } else if (page !== undefined) {
    for (const [name, value] of Object.entries(page.headers ?? {})) res.setHeader(name, value);
    res.setHeader('Content-Type', 'text/html; charset=utf-8').end(page.html);
  } else {
    // Browsers ask for an icon of every site.
    res.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
  }
}

import { flawOf } from '../integrity.js';
import type { SiteFile } from '../site-manifest.js';

declare const self: ServiceWorkerGlobalScope & {
  /** Written above this script by `verbatim export-site`. */
  readonly VERBATIM_SITE: {
    /** Differs with every other content. */
    readonly version: string;
    /** Page and scripts; what the worker reads it keeps itself. The empty path is the page. */
    readonly files: Readonly<Record<string, SiteFile>>;
  };
};

const { version, files } = self.VERBATIM_SITE;
const scope = new URL(self.registration.scope);
const prefix = `verbatim-page ${scope.pathname} `;
const cacheName = prefix + version;
/** What of a response decides how its content may be used. */
const KEPT_HEADERS = [
  'Content-Type',
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Embedder-Policy',
  'Cross-Origin-Resource-Policy',
];

self.addEventListener('install', (event) => {
  event.waitUntil(precache().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? pathOf(request.url) : undefined;
  if (path !== undefined) event.respondWith(answer(path, request));
});

/** All or nothing: a page and scripts of different versions would not understand each other. */
async function precache(): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const [path, expected] of Object.entries(files)) {
    const response = await fetch(new URL(path, scope), { cache: 'no-cache' });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const flaw = response.ok ? await flawOf(bytes, expected) : `HTTP ${response.status}`;
    if (flaw !== undefined) throw new Error(`${path}: ${flaw}`);
    const headers = KEPT_HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as [string, string]];
    });
    // Made anew: a response that was redirected cannot answer for a page.
    await cache.put(new URL(path, scope), new Response(bytes, { headers }));
  }
}

async function dropOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(new URL(path, scope))) ?? fetch(request);
}

/** Undefined for what is not kept here. */
function pathOf(address: string): string | undefined {
  const url = new URL(address);
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return undefined;
  const path = url.pathname.slice(scope.pathname.length).replace(/^index\.html$/, '');
  return Object.hasOwn(files, path) ? path : undefined;
}

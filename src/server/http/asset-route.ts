import { fileURLToPath } from 'node:url';
import { defineRoute, type Route } from './route.js';

/** Compiled, this file stands in the build, two folders below its root; run from source, the build stands beside the sources. */
const BUILD = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/' : '../../', import.meta.url);

/** A file of the build. */
export function buildFile(name: string): URL {
  return new URL(name, BUILD);
}

/** A file of the build that everybody may load, such as a page's script. */
export function assetRoute(
  path: string,
  file: { readonly folder: string; readonly name: string; readonly maxAgeSeconds: number },
): Route {
  return defineRoute({
    method: 'get',
    path,
    scope: 'public',
    isHidden: true,
    responses: {},
    summary: file.name,
    handle: ({ res }) =>
      new Promise((resolve, reject) => {
        const options = {
          root: fileURLToPath(buildFile(file.folder)),
          maxAge: file.maxAgeSeconds * 1000,
        };
        res.sendFile(file.name, options, (error?: Error) =>
          error === undefined ? resolve() : reject(error),
        );
      }),
  });
}

import { INIT_SCRIPT, pageAt, PAGE_POLICY } from '../docs/page.js';
import { sendAsset } from '../http/send-asset.js';
import { defineRoute, type Route } from '../http/route.js';

/** Compiled, the assets stand beside the page; run from source, they stand in the build. */
const ASSETS = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/server/docs/' : '../docs/',
  import.meta.url,
);
const DAY_SECONDS = 86_400;

/** GET /docs and its files: the OpenAPI document to browse and try, without any outside address. */
export function docsRoutes(): Route[] {
  const hidden = { method: 'get', scope: 'public', isHidden: true, responses: {} } as const;
  const asset = (name: string): Route =>
    defineRoute({
      ...hidden,
      path: `/docs/${name}`,
      summary: name,
      handle: ({ res }) => sendAsset(res, ASSETS, name, `public, max-age=${DAY_SECONDS}`),
    });
  return [
    defineRoute({
      ...hidden,
      path: '/docs',
      summary: 'The documentation',
      handle: ({ req, res }) => {
        res.setHeader('Content-Security-Policy', PAGE_POLICY);
        res.type('html').send(pageAt(req.path));
      },
    }),
    defineRoute({
      ...hidden,
      path: '/docs/init.js',
      summary: 'Its start',
      handle: ({ res }) => {
        res.type('js').send(INIT_SCRIPT);
      },
    }),
    asset('swagger-ui-bundle.js'),
    asset('swagger-ui.css'),
  ];
}

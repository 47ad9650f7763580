import { HttpProblem } from '../http/problem.js';
import { sendAsset } from '../http/send-asset.js';
import { defineRoute, type Route } from '../http/route.js';
import { playgroundAt, playgroundPolicy, REPORT_POLICY } from '../playground/page.js';
import { ReportFile } from '../playground/report-file.js';
import type { ServerContext } from '../server-context.js';

/** What the build makes of src/widget/playground: beside the compiled server, or, run from source, in the build. */
const ASSETS = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/widget/' : '../../widget/',
  import.meta.url,
);

/** GET / and its files: a page to tune by. The page is open to all; what it shows needs the key that the data's routes need. */
export function playgroundRoutes({ deps }: ServerContext): Route[] {
  const hidden = { method: 'get', isHidden: true, responses: {} } as const;
  const report = deps.report === undefined ? undefined : new ReportFile(deps.report);
  const asset = (name: string): Route =>
    defineRoute({
      ...hidden,
      scope: 'public',
      path: `/playground/${name}`,
      summary: name,
      // Asked for again every time, and sent only if it has changed: page and script must be of one version.
      handle: ({ res }) => sendAsset(res, ASSETS, name, 'no-cache'),
    });
  return [
    defineRoute({
      ...hidden,
      scope: 'public',
      path: '/',
      summary: 'The playground',
      handle: async ({ req, res }) => {
        const { pathname } = new URL(req.originalUrl, 'http://host');
        const page = await playgroundAt(pathname, new URL('playground.html', ASSETS));
        res.setHeader('Content-Security-Policy', playgroundPolicy((await report?.read())?.styleHashes ?? []));
        res.setHeader('Cache-Control', 'no-cache');
        res.type('html').send(page);
      },
    }),
    asset('playground.js'),
    asset('playground.css'),
    defineRoute({
      ...hidden,
      scope: 'read',
      path: '/playground/report',
      summary: 'The evaluation report',
      handle: async ({ res }) => {
        const found = await report?.read();
        if (found === undefined) {
          throw new HttpProblem('no-report', 'The server was given no evaluation report, or it is gone.');
        }
        res.setHeader('Content-Security-Policy', REPORT_POLICY);
        res.setHeader('Cache-Control', 'no-store');
        res.type('html').send(found.html);
      },
    }),
  ];
}

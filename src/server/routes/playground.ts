import { assetRoute, buildFile } from '../http/asset-route.js';
import { HttpProblem } from '../http/problem.js';
import { defineRoute, type Route } from '../http/route.js';
import { playgroundAt, playgroundPolicy, REPORT_POLICY } from '../playground/page.js';
import { ReportFile } from '../playground/report-file.js';
import type { ServerContext } from '../server-context.js';

/** GET / and its files: a page to tune by. The page is open to all; what it shows needs the key that the data's routes need. */
export function playgroundRoutes({ deps }: ServerContext): Route[] {
  const hidden = { method: 'get', isHidden: true, responses: {} } as const;
  const report = deps.report === undefined ? undefined : new ReportFile(deps.report);
  // Asked for again every time, and sent only if it has changed: page and script must be of one version.
  const asset = (name: string): Route =>
    assetRoute(`/playground/${name}`, { folder: 'widget/', name, maxAgeSeconds: 0 });
  return [
    defineRoute({
      ...hidden,
      scope: 'public',
      path: '/',
      summary: 'The playground',
      handle: async ({ req, res }) => {
        const { pathname } = new URL(req.originalUrl, 'http://host');
        const page = await playgroundAt(pathname, buildFile('widget/playground.html'));
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

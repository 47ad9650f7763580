// What a browser loads: one file for each entry, with its dependencies inside.
import { copyFileSync } from 'node:fs';
import { build } from 'esbuild';

/** @type {readonly { readonly entry: string, readonly outfile: string }[]} */
const BUNDLES = [{ entry: 'src/widget/playground/main.ts', outfile: 'dist/widget/playground.js' }];
/** Style sheets that pages link to. */
const STYLES = [{ entry: 'src/widget/playground/playground.css', outfile: 'dist/widget/playground.css' }];
const PAGES = [{ entry: 'src/widget/playground/page.html', outfile: 'dist/widget/playground.html' }];

const options = { bundle: true, target: 'es2022', minify: true, sourcemap: false, logLevel: 'warning' };

await Promise.all([
  ...BUNDLES.map(({ entry, outfile }) =>
    build({
      ...options,
      entryPoints: [entry],
      outfile,
      format: 'esm',
      legalComments: 'linked',
      loader: { '.css': 'text', '.html': 'text' },
    }),
  ),
  ...STYLES.map(({ entry, outfile }) => build({ ...options, entryPoints: [entry], outfile })),
]);
for (const { entry, outfile } of PAGES) copyFileSync(entry, outfile);

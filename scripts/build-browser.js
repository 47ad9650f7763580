// What a browser loads: one file for each entry, with its dependencies inside.
import { build } from 'esbuild';

/** @type {readonly { readonly entry: string, readonly outfile: string }[]} */
const BUNDLES = [{ entry: 'src/widget/faq/index.ts', outfile: 'dist/widget/verbatim-faq.js' }];

await Promise.all(
  BUNDLES.map(({ entry, outfile }) =>
    build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      sourcemap: false,
      legalComments: 'linked',
      loader: { '.css': 'text', '.html': 'text' },
      logLevel: 'warning',
    }),
  ),
);

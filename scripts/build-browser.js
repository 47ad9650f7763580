// What a browser loads: one file for each entry, with its dependencies inside and their licences beside it.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** @type {readonly { readonly entry: string, readonly outfile: string }[]} */
const BUNDLES = [{ entry: 'src/widget/playground/main.ts', outfile: 'dist/widget/playground.js' }];
/** Style sheets that pages link to. */
const STYLES = [{ entry: 'src/widget/playground/playground.css', outfile: 'dist/widget/playground.css' }];
const PAGES = [{ entry: 'src/widget/playground/page.html', outfile: 'dist/widget/playground.html' }];

const options = { bundle: true, target: 'es2022', minify: true, sourcemap: false, logLevel: 'warning' };

await Promise.all([
  ...BUNDLES.map(async ({ entry, outfile }) => {
    const { metafile } = await build({
      ...options,
      entryPoints: [entry],
      outfile,
      format: 'esm',
      legalComments: 'linked',
      loader: { '.css': 'text', '.html': 'text' },
      metafile: true,
    });
    writeFileSync(`${outfile}.LICENSES.txt`, licencesOf(Object.keys(metafile.inputs)));
  }),
  ...STYLES.map(({ entry, outfile }) => build({ ...options, entryPoints: [entry], outfile })),
]);
for (const { entry, outfile } of PAGES) copyFileSync(entry, outfile);

/** The licences of the packages that files are of: they must go with every copy. */
function licencesOf(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return Array.from(folders, (folder) => {
    const licence = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    if (licence === undefined) throw new Error(`${folder} has no licence.`);
    return `${path.basename(folder)}\n\n${readFileSync(path.join(folder, licence), 'utf8').trim()}\n`;
  }).join('\n----\n\n');
}

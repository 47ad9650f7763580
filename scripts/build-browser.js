// What a browser loads: one file for each entry, with its dependencies inside and their licences beside it.
import { build } from 'esbuild';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SITE = 'dist/browser/site';

/** @type {readonly { readonly entry: string, readonly outfile: string }[]} */
const BUNDLES = [
  { entry: 'src/widget/faq/index.ts', outfile: 'dist/widget/verbatim-faq.js' },
  { entry: 'src/widget/playground/main.ts', outfile: 'dist/widget/playground.js' },
  { entry: 'src/browser/index.ts', outfile: 'dist/browser/index.js' },
];

/** Of an exported site, which has one file of licences. */
const SITE_BUNDLES = [
  { entry: 'src/browser/worker.ts', outfile: `${SITE}/worker.js` },
  { entry: 'src/browser/page/page.ts', outfile: `${SITE}/page.js` },
  { entry: 'src/browser/page/service-worker.ts', outfile: `${SITE}/service-worker.js` },
];

/** Style sheets that pages link to. */
const STYLES = [{ entry: 'src/widget/playground/playground.css', outfile: 'dist/widget/playground.css' }];

const COPIES = [
  ['src/widget/playground/page.html', 'dist/widget/playground.html'],
  ['src/browser/page/index.html', `${SITE}/index.html`],
  ['src/browser/page/page.css', `${SITE}/page.css`],
];

/** Its package has no file of the licence. */
const ONNX_RUNTIME = `onnxruntime-web (MIT): runtime.js, data/runtime.wasm

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

const options = { bundle: true, target: 'es2022', minify: true, sourcemap: false, logLevel: 'warning' };

/**
 * Makes one file of a script and all that it imports.
 *
 * @returns the files that it is made of.
 */
async function bundle({ entry, outfile }) {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    outfile,
    format: 'esm',
    legalComments: 'linked',
    loader: { '.css': 'text', '.html': 'text' },
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** The licences of the packages that files are of: they must go with every copy. */
function licencesOf(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return Array.from(folders, (folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((candidate) => /^licen[cs]e/i.test(candidate));
    const text = file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text}`;
  }).sort();
}

const joined = (texts) => texts.join(`\n${'-'.repeat(80)}\n\n`);

await Promise.all([
  ...BUNDLES.map(async ({ entry, outfile }) => {
    const licences = licencesOf(await bundle({ entry, outfile }));
    if (licences.length > 0) writeFileSync(`${outfile}.LICENSES.txt`, joined(licences));
  }),
  ...STYLES.map(({ entry, outfile }) => build({ ...options, entryPoints: [entry], outfile })),
]);
const siteFiles = (await Promise.all(SITE_BUNDLES.map(bundle))).flat();
for (const [from, to] of COPIES) cpSync(from, to);
const notice = readFileSync('NOTICE', 'utf8');
writeFileSync(`${SITE}/LICENSES.txt`, joined([notice, ...licencesOf(siteFiles), ONNX_RUNTIME]));

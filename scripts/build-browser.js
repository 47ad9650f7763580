// What a browser loads: one file for each entry, with its dependencies inside.
import { build } from 'esbuild';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SITE = 'dist/browser/site';

/** @type {readonly { readonly entry: string, readonly outfile: string }[]} */
const BUNDLES = [
  { entry: 'src/widget/faq/index.ts', outfile: 'dist/widget/verbatim-faq.js' },
  { entry: 'src/browser/index.ts', outfile: 'dist/browser/index.js' },
  { entry: 'src/browser/worker.ts', outfile: `${SITE}/worker.js` },
  { entry: 'src/browser/page/page.ts', outfile: `${SITE}/page.js` },
  { entry: 'src/browser/page/service-worker.ts', outfile: `${SITE}/service-worker.js` },
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

const results = await Promise.all(
  BUNDLES.map(({ entry, outfile }) =>
    build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      sourcemap: false,
      metafile: true,
      legalComments: 'linked',
      loader: { '.css': 'text', '.html': 'text' },
      logLevel: 'warning',
    }),
  ),
);

for (const file of ['index.html', 'page.css']) cpSync(`src/browser/page/${file}`, `${SITE}/${file}`);
writeFileSync(
  `${SITE}/LICENSES.txt`,
  licences(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

/**
 * The licences of all packages that the inputs of bundles belong to, and of the runtime that an exported site holds.
 *
 * @param {readonly string[]} inputs
 */
function licences(inputs) {
  const folders = new Set(
    inputs
      .map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
      .filter((folder) => folder !== undefined),
  );
  const texts = Array.from(folders, (folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((candidate) => /^licen[cs]e/i.test(candidate));
    const text = file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text}`;
  });
  const own = existsSync('NOTICE') ? readFileSync('NOTICE', 'utf8') : '';
  return [own, ...texts.sort(), ONNX_RUNTIME].join(`\n${'-'.repeat(80)}\n\n`);
}

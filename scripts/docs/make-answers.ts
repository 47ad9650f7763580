// Lets the built site answer from its own pages: exports them as `verbatim export-site` exports a knowledge base, under /answers/, and puts the
// element that asks beside them. Run when the pages are built, for what is indexed is what readers see.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { siteContent } from '../../dist/cli/site/site-content.js';
import { writeFolder } from '../../dist/cli/site/site-folder.js';
import { loadCorpus } from '../../dist/ingest/index.js';
import { rulesOf } from '../../dist/pipeline/index.js';
import { DEFAULT_MODEL_FOLDER } from '../../dist/reader/index.js';
import { readModelFiles } from '../../dist/reader/model-files.js';
import { cutsOf, splitPassages } from '../../dist/retriever/index.js';

const SITE = 'docs/.vitepress/dist';
const ANSWERS = path.join(SITE, 'answers');
const BASE = process.env['DOCS_BASE'] ?? '/';

/** Pages that say nothing of their own: what they list stands elsewhere. */
const LEFT_OUT = ['404.html', 'ask.html', 'answers/', 'assets/', 'reference/library/'];

const TITLE_OF_SITE = / \| Verbatim$/;

const { documents } = await loadCorpus([SITE], { exclude: LEFT_OUT });
const model = await readModelFiles(DEFAULT_MODEL_FOLDER, 'q8');
const { files } = await siteContent({
  documents: documents.map((page) => ({
    // Where the page is on the site, not where its file is on this machine.
    document: {
      ...page,
      title: page.title.replace(TITLE_OF_SITE, ''),
      uri: `${BASE}${page.id}`,
    },
    passages: cutsOf(page.blocks, splitPassages(page)),
  })),
  model,
  rules: await rulesOf('embedded BM25', {}, model),
});
await writeFolder(ANSWERS, files, { signal: new AbortController().signal, onProgress: () => undefined });
copyFileSync('dist/widget/verbatim-faq.js', path.join(SITE, 'verbatim-faq.js'));
console.log(`${ANSWERS} answers from ${documents.length} pages.`);

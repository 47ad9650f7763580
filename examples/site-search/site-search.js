/**
 * A site search with an answer box: an Express endpoint that searches with MiniSearch, and the middleware that puts an answer above its
 * hits. Searches the help centre that comes with the package; PORT chooses the port.
 */
import { once } from 'node:events';
import path from 'node:path';
import express from 'express';
import MiniSearch from 'minisearch';
import { createAnswerer, loadCorpus, splitPassages } from 'verbatim-qa';
import { answerMiddleware } from 'verbatim-qa/server';

const here = import.meta.dirname;

// The search that a site has already: short pieces of its pages, found by their words.
const { documents } = await loadCorpus([path.join(here, '../../corpora/help-centre')]);
const COMMON = new Set(
  'a an and are can do does for how i in is it long my of on the to what when where who'.split(' '),
);
const search = new MiniSearch({
  fields: ['title', 'text'],
  storeFields: ['title', 'uri', 'text'],
  processTerm: (term) => (COMMON.has(term.toLowerCase()) ? null : term.toLowerCase()),
});
for (const document of documents) {
  const passages = splitPassages(document);
  // The headings above a piece say what it is about, to those who search and to the reader.
  search.addAll(
    passages.map(({ title, headings, ...passage }) => ({
      ...passage,
      title: [...new Set([title, ...headings])].join(' › '),
    })),
  );
}

const app = express();
app.use(express.static(path.join(here, 'public')));

// All that is added to it.
const answerer = await createAnswerer();
app.use(
  '/search',
  answerMiddleware({
    answerer,
    hits: ({ hits }) => hits,
    budgetMs: 5_000,
    onError: (error) => console.error('No answer:', error),
  }),
);

app.get('/search', (req, res) => {
  const found = search.search(String(req.query.q ?? ''), { boost: { title: 2 } }).slice(0, 10);
  res.json({ hits: found.map(({ id, title, uri, text, score }) => ({ id, title, uri, text, score })) });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
await once(server, 'listening');
console.log(`http://127.0.0.1:${server.address().port}`);

process.once('SIGTERM', () => server.close(() => void answerer.close()));

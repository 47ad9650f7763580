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
const fields = ['title', 'text'];
const search = new MiniSearch({ fields, storeFields: ['title', 'uri', 'text'] });
for (const document of documents) search.addAll(splitPassages(document));

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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fieldValues,
  hitsFromDocuments,
  hitsFromMeilisearch,
  hitsFromOpenSearch,
  hitsFromPostgres,
  hitsFromTypesense,
  sourceSpan,
  type FieldHit,
} from '../../src/engines/index.js';
import { createAnswerer } from '../../src/index.js';
import { NumberReader } from '../server/support/readers.js';
import { errorOf } from '../support/error-of.js';

/** What stands in the document where a hit's text has these words. */
const storedWords = (hit: FieldHit | undefined, document: unknown, words: string): string | undefined => {
  const start = hit?.text.indexOf(words) ?? -1;
  expect(start).toBeGreaterThanOrEqual(0);
  const span = hit && sourceSpan(hit, { start, end: start + words.length });
  return span && fieldValues(document, span.field)[span.item]?.slice(span.start, span.end);
};

const openSearch = (...hits: unknown[]): unknown => ({
  took: 3,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  hits: { total: { value: hits.length, relation: 'eq' }, max_score: 1, hits },
});

describe('hits of OpenSearch and Elasticsearch', () => {
  const source = { headline: 'The  <b>hub</b>', body: 'Two years.', meta: { url: ' https://a.example/1 ' } };
  const hit = { _index: 'kb', _id: 'x1', _score: 2.5, _source: source };
  const fields = { textField: 'body', titleField: 'headline', uriField: 'meta.url' };
  const expected = {
    id: 'x1',
    text: 'Two years.',
    title: 'The hub',
    uri: 'https://a.example/1',
    score: 2.5,
    position: 0,
  };

  it('are read from the response as either client returns it', () => {
    expect(hitsFromOpenSearch(openSearch(hit), fields)).toMatchObject([expected]);
    expect(hitsFromOpenSearch({ statusCode: 200, body: openSearch(hit) }, fields)).toMatchObject([expected]);
  });

  it('may lack title, address, score and id: the position stands for the id', () => {
    const found = hitsFromOpenSearch(openSearch({ _source: {} }, { _score: null, _source: source }), {
      textField: 'body',
    });
    expect(found).toEqual([
      {
        ...{ id: '1', text: 'Two years.', position: 1 },
        pieces: [{ start: 0, end: 10, field: 'body', item: 0, from: 'field', sourceStart: 0, sourceEnd: 10 }],
      },
    ]);
  });

  it('are read from `fields` where the source is not returned', () => {
    const found = hitsFromOpenSearch(openSearch({ _id: 'a', fields: { body: ['Two years.'] } }), fields);
    expect(found).toMatchObject([{ id: 'a', text: 'Two years.' }]);
  });

  it('are read from highlighting where there is nothing else, and map into the fragment', () => {
    const highlight = { body: ['lasts <em>two</em> &amp; a half', 'the <em>warranty</em>'] };
    const [found] = hitsFromOpenSearch(openSearch({ _id: 'a', highlight }), fields);
    expect(found?.text).toBe('lasts two & a half\n\nthe warranty');
    const span = found && sourceSpan(found, { start: 6, end: 18 });
    expect(span).toMatchObject({ field: 'body', item: 0, from: 'highlight' });
    expect(highlight.body[0]?.slice(span?.start, span?.end)).toBe('two</em> &amp; a half');
  });

  it('map a fragment into the stored field where that is at hand, with HTML in it', () => {
    const body = `<p>${'Long ago. '.repeat(50)}</p><p>The warranty lasts <b>two&nbsp;years</b> from delivery.</p>`;
    const document = { body: ['Nothing.', body] };
    const highlight = { body: ['The <em>warranty</em> lasts <b>two&nbsp;years</b> from'] };
    const [found] = hitsFromOpenSearch(openSearch({ _id: 'a', _source: document, highlight }), {
      textField: 'body',
      read: 'highlight',
    });
    expect(found?.text).toBe('The warranty lasts two\u00a0years from');
    expect(storedWords(found, document, 'two\u00a0years')).toBe('two&nbsp;years');
    expect(storedWords(found, document, 'The warranty')).toBe('The warranty');
  });

  it('take out marks that are no tags, and leave marked tags alone where the field is no HTML', () => {
    const hits = openSearch({ _id: 'a', highlight: { body: ['a [[hub]] <b>'] } });
    const options = { textField: 'body', marks: ['[[', ']]'], html: false } as const;
    const [found] = hitsFromOpenSearch(hits, options);
    expect(found?.text).toBe('a hub <b>');
    expect(found && sourceSpan(found, { start: 2, end: 5 })).toMatchObject({ start: 4, end: 7 });
  });
});

describe('hits of the other engines', () => {
  it('are read from the response of Meilisearch', () => {
    const response = {
      hits: [
        {
          id: 7,
          body: 'Two years.',
          _rankingScore: 0.9,
          _formatted: { id: '7', body: '<em>Two</em> years.' },
        },
        { id: 8, _formatted: { id: '8', body: '…the <em>hub</em>…' } },
      ],
      query: 'how long',
      processingTimeMs: 1,
      limit: 20,
      offset: 0,
      estimatedTotalHits: 2,
    };
    expect(hitsFromMeilisearch(response, { textField: 'body' })).toMatchObject([
      { id: '7', text: 'Two years.', score: 0.9, position: 0 },
      { id: '8', text: '…the hub…', position: 1 },
    ]);
    const [first] = hitsFromMeilisearch(response, { textField: 'body', read: 'highlight' });
    expect(first && sourceSpan(first, { start: 0, end: 3 })).toMatchObject({
      from: 'field',
      start: 0,
      end: 3,
    });
  });

  it('are read from the response of Typesense, old highlighting and new', () => {
    const response = {
      found: 3,
      out_of: 10,
      page: 1,
      search_time_ms: 1,
      request_params: { collection_name: 'kb', per_page: 10, q: 'hub' },
      hits: [
        { document: { id: '124', body: 'Two years.' }, highlights: [], text_match: 578730123365712000 },
        { document: { id: '125' }, highlights: [{ field: 'body', snippet: 'a <mark>hub</mark>' }] },
        { document: { id: '126' }, highlight: { body: { snippet: 'one <mark>hub</mark>' } } },
        { document: { id: '127' }, highlight: { body: [{ snippet: 'x <mark>hub</mark>' }] } },
      ],
    };
    expect(hitsFromTypesense(response, { textField: 'body' })).toMatchObject([
      { id: '124', text: 'Two years.', score: 578730123365712000 },
      { id: '125', text: 'a hub' },
      { id: '126', text: 'one hub' },
      { id: '127', text: 'x hub' },
    ]);
  });

  it('are read from rows of PostgreSQL, whose numbers may be texts', () => {
    const rows = [{ id: 5, text: 'Two years.', title: null, uri: null, score: '0.25' }];
    const expected = [{ id: '5', text: 'Two years.', score: 0.25 }];
    expect(hitsFromPostgres(rows)).toMatchObject(expected);
    expect(hitsFromPostgres({ rows })).toMatchObject(expected);
    expect(hitsFromPostgres(rows)[0]).not.toHaveProperty('title');
  });

  it.each([
    ['OpenSearch, with a list at hits.hits', () => hitsFromOpenSearch({ error: 'x' }, { textField: 'a' })],
    ['Meilisearch, with a list at hits', () => hitsFromMeilisearch(undefined, { textField: 'a' })],
    ['Typesense, with a list at hits', () => hitsFromTypesense('<html>', { textField: 'a' })],
    ['a document store, with a list at documents', () => hitsFromPostgres({ rows: {} as [] })],
    ['a document store, with a list at documents', () => hitsFromPostgres(undefined as unknown as [])],
  ])('are refused where the response is none of %s', async (message, read) => {
    const error = await errorOf(read);
    expect(error.code).toBe('invalid-option');
    expect(error.message).toContain(`Expected a search response of ${message}`);
  });

  it.each([
    ['textField', { textField: '' }],
    ['textField', { textField: [] }],
  ])('are refused without a name in %s', async (option, fields) => {
    const error = await errorOf(() => hitsFromDocuments([], fields));
    expect(error.message).toContain(`Expected ${option} to name a field`);
  });

  it('are refused with a topK out of range', async () => {
    const error = await errorOf(() => hitsFromDocuments([], { textField: 'a' }, { topK: 0 }));
    expect(error.message).toContain('Expected topK to be');
  });
});

describe('the fields of a hit', () => {
  it('are found under a name with dots, as one name, as a path, and through lists', () => {
    expect(fieldValues({ 'a.b': 'x', a: { b: 'y' } }, 'a.b')).toEqual(['x']);
    expect(fieldValues({ a: { b: 'y' } }, 'a.b')).toEqual(['y']);
    expect(fieldValues({ a: [{ b: ['x', 'y'] }, {}, { b: 'z' }] }, 'a.b')).toEqual(['x', 'y', 'z']);
    expect(fieldValues({ 'a.b': { c: 1 } }, 'a.b.c')).toEqual(['1']);
    expect(fieldValues({ a: null }, 'a.b')).toEqual([]);
    expect(fieldValues({}, 'constructor.name')).toEqual([]);
    expect(fieldValues({ a: [null, { b: 1 }, true] }, 'a')).toEqual(['true']);
  });

  it('are put one below the other where there are several, each with its own offsets', () => {
    const document = {
      summary: 'Short.',
      sections: [{ body: 'One.' }, { body: '' }, { body: 'Three <b>4</b>.' }],
    };
    const [found] = hitsFromDocuments([document], { textField: ['summary', 'sections.body'] });
    expect(found?.text).toBe('Short.\n\nOne.\n\nThree 4.');
    const span = found && sourceSpan(found, { start: 14, end: 22 });
    expect(span).toEqual({ field: 'sections.body', item: 2, from: 'field', start: 0, end: 15 });
    expect(found && sourceSpan(found, { start: 0, end: 12 })).toBeUndefined();
    expect(found && sourceSpan(found, { start: 6, end: 8 })).toBeUndefined();
  });

  it('hold HTML where a tag tells so, or where it is said', () => {
    const text = (body: string, html?: boolean): string | undefined =>
      hitsFromDocuments([{ body }], { textField: 'body', ...(html === undefined ? {} : { html }) })[0]?.text;
    expect(text('<p>a</p><p>b<br>c</p><ul><li>d<li>e</ul>')).toBe('a\n\nb\nc\n\nd\ne');
    expect(text('<table><tr><td>Key<td>Value</table>')).toBe('Key Value');
    expect(text('a<script>b</script><style>c</style><!-- d --><span hidden>e</span>')).toBe('a');
    expect(text('<pre>a\n  b</pre>')).toBe('a\n  b');
    expect(text('so\u00adft <i>hy</i>phen')).toBe('soft hyphen');
    expect(text('if (a < b && c > d) List<String> &amp; x')).toBe('if (a < b && c > d) List<String> &amp; x');
    expect(text('a &amp; b')).toBe('a &amp; b');
    expect(text('a &amp; b', true)).toBe('a & b');
    expect(text('<b>a</b>', false)).toBe('<b>a</b>');
  });

  it.each([
    ['markup inside', '<p>lasts two <b>years</b></p>', 'two years', 'two <b>years'],
    ['a reference inside', '<p>AT&amp;T Corp</p>', 'AT&T', 'AT&amp;T'],
    ['a reference at its end', '<p>5 &lt; 6 &#8364;</p>', '6 €', '6 &#8364;'],
    ['a reference without its semicolon', '<p>x &ltb y</p>', '<b', '&ltb'],
    ['an emoji before', '<p>😀 two <i>years</i></p>', 'years', 'years'],
    ['line breaks', '<p>two\r\n   years</p>', 'two years', 'two\r\n   years'],
    ['broken markup', '<p>a <b>two <i>years</b> b</i>', 'two years', 'two <i>years'],
    ['a double reference', '<p>a &amp;amp; b</p>', '&amp;', '&amp;amp;'],
  ])('give a quote with %s its place in the stored field', (_, body, quote, stored) => {
    const document = { body };
    expect(storedWords(hitsFromDocuments([document], { textField: 'body' })[0], document, quote)).toBe(
      stored,
    );
  });

  it('give every word of any markup its place: the words read again from there are the same', () => {
    const inline = fc.constantFrom(
      'hub',
      '&amp;',
      '&nbsp;x',
      ' ',
      '\n ',
      '<b>',
      '</b>',
      '<br>',
      '<p>',
      '</p>',
      '😀',
      '&',
      '<',
      '&#x41;',
    );
    fc.assert(
      fc.property(fc.array(inline, { maxLength: 20 }), (parts) => {
        const body = `<div>${parts.join('')}</div>`;
        const [hit] = hitsFromDocuments([{ body }], { textField: 'body', html: true });
        for (const { 0: word, index } of hit?.text.matchAll(/\S+/gu) ?? []) {
          const span = hit && sourceSpan(hit, { start: index, end: index + word.length });
          const stored = body.slice(span?.start, span?.end);
          const again = hitsFromDocuments([{ body: stored }], { textField: 'body', html: true })[0]?.text;
          expect(again).toBe(word);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are not looked at beyond the hits that are read', () => {
    let looked = 0;
    const documents = Array.from({ length: 10_000 }, (_, i) => ({
      get body(): string {
        looked++;
        return i % 2 === 0 ? '' : `<p>text ${i}</p>`;
      },
    }));
    const found = hitsFromDocuments(documents, { textField: 'body' }, { topK: 3 });
    expect(found.map(({ id }) => id)).toEqual(['1', '3', '5']);
    expect(looked).toBe(6);
  });

  it('hold no text in a page of too many elements, and the other hits are read', () => {
    const found = hitsFromDocuments([{ body: '<b>a</b>'.repeat(60_000) }, { body: 'b' }], {
      textField: 'body',
    });
    expect(found.map(({ text }) => text)).toEqual(['b']);
  });
});

describe('an answer from hits', () => {
  it('cites the text that was read, and from there the stored field', async () => {
    await using answerer = await createAnswerer({
      reader: new NumberReader(),
      profile: { aggregation: 'null-score', threshold: 0, calibration: { slope: 0.5, intercept: 0 } },
    });
    const source = { body: '<p>The warranty lasts <b>24</b> months.</p>' };
    const hits = hitsFromOpenSearch(openSearch({ _id: 'w', _source: source }), { textField: 'body' });
    const result = await answerer.answerFromHits('How long is the warranty?', hits);
    expect(result).toMatchObject({ kind: 'answer', answer: '24 months' });
    const [citation] = result.kind === 'answer' ? result.citations : [];
    const hit = hits.find(({ id }) => id === citation?.documentId);
    const span = hit && citation && sourceSpan(hit, citation);
    expect(source.body.slice(span?.start, span?.end)).toBe('24</b> months');
  });
});

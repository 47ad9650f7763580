import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorAt, type SourceDocument } from '../../src/core/document.js';
import { readHtml } from '../../src/ingest/html.js';
import { errorOf } from '../support/error-of.js';

const read = (source: string): SourceDocument =>
  readHtml(source, { id: 'a.html', title: 'a', uri: 'file:///a.html' }, 'a.html');
const blocksOf = (source: string): [string, string, readonly string[]][] => {
  const document = read(source);
  return document.blocks.map(({ kind, start, end, headings }) => [
    kind,
    document.text.slice(start, end),
    headings,
  ]);
};
const textsOf = (source: string): string[] => blocksOf(source).map(([, text]) => text);
const anchorOf = (source: string, words: string): [number | undefined, string | undefined] => {
  const document = read(source);
  const anchor = anchorAt(document.anchors, document.text.indexOf(words));
  return [anchor?.line, anchor?.fragment];
};

describe('readHtml', () => {
  it('keeps the text and the heading path, and leaves the markup out', () => {
    expect(
      blocksOf(
        '<h1>Guide</h1><p>Press <b>and&nbsp;hold</b> the <a href="x">button</a>.<h2>Reset</h2><div>Wait <code>10 s</code>.</div><h1>Other</h1>End.',
      ),
    ).toEqual([
      ['heading', 'Guide', []],
      ['paragraph', 'Press and\u00a0hold the button.', ['Guide']],
      ['heading', 'Reset', ['Guide']],
      ['paragraph', 'Wait 10 s.', ['Guide', 'Reset']],
      ['heading', 'Other', []],
      ['paragraph', 'End.', ['Other']],
    ]);
  });

  it('collapses white space as a browser does', () => {
    expect(textsOf('<p>  one\n\t two<b> three </b> four <br> five  </p> <p> \n </p><p>s<i>i</i>x')).toEqual([
      'one two three four\nfive',
      'six',
    ]);
  });

  it('parts paragraphs at two line breaks in a row', () => {
    expect(textsOf('one<br>two<br><br>three')).toEqual(['one\ntwo', 'three']);
  });

  it('drops soft hyphens and keeps the white space of code', () => {
    expect(blocksOf('<p>war&shy;ranty</p><pre>\n  a <b>b</b>\n    c</pre>')).toEqual([
      ['paragraph', 'warranty', []],
      ['code', '  a b\n    c', []],
    ]);
  });

  it('reads nested lists and definitions item by item', () => {
    expect(
      blocksOf('<ul><li>one<ol><li>two</ol><li><p>three</ul><dl><dt>Term<dd>Meaning</dl>').map(
        ([kind, text]) => [kind, text],
      ),
    ).toEqual([
      ['list-item', 'one'],
      ['list-item', 'two'],
      ['list-item', 'three'],
      ['list-item', 'Term'],
      ['list-item', 'Meaning'],
    ]);
  });

  it('leaves out what is no text of the page', () => {
    const source = `
      <header><h1>Site</h1></header><nav>Menu</nav>
      <p>Kept.<script>alert(1)</script><style>p {}</style><template>T</template><noscript>N</noscript></p>
      <form><label>Name</label><input value="x"><select><option>O</select><textarea>A</textarea><button>Send</button></form>
      <aside>Related</aside><svg><title>Icon</title><text>S</text></svg><div role="navigation">Crumbs</div>
      <p hidden>H</p><p style="color: red; DISPLAY : none">D</p><p aria-hidden="true">A</p><dialog>Cookies?</dialog>
      <!-- comment --><footer>Imprint</footer>`;
    expect(textsOf(source)).toEqual(['Kept.', 'Name']);
  });

  it('leaves out permalinks and the marks of notes, but no other links within the page', () => {
    expect(
      textsOf(
        '<h2>Reset <a href="#reset">¶</a></h2><p>Hold<sup><a href="#n1">[1]</a></sup>, x<sup>2</sup>, see <a href="#b">below</a>.',
      ),
    ).toEqual(['Reset', 'Hold, x2, see below.']);
  });

  it.each([
    ['main', '<body>Menu<div><main>Text</main></div>'],
    ['the main role', '<body>Menu<div role="main">Text</div>'],
    ['the only article', '<body>Menu<div><article>Text</article></div>'],
    ['the visible main', '<body><main hidden>Old</main><main>Text</main>'],
  ])('reads %s alone', (_what, source) => {
    expect(textsOf(source)).toEqual(['Text']);
  });

  it('reads the whole body if it has several articles, and of an article’s header its headings', () => {
    expect(
      textsOf('<p>Intro<article><header><h2>One</h2>by N. N.</header>1</article><article>2</article>'),
    ).toEqual(['Intro', 'One', '1', '2']);
  });

  it('writes a table row with its column names, as in Markdown', () => {
    expect(
      blocksOf(
        '<h1>Codes</h1><table><caption>All</caption><tr><th>Code<th>Meaning</tr><tr><td>E1<td><p>low</p><p><i>battery</i></p></tr><tr><td>E2<td></table>',
      ).slice(1),
    ).toEqual([
      ['paragraph', 'All', ['Codes']],
      ['table-row', 'Code: E1; Meaning: low battery', ['Codes']],
      ['table-row', 'Code: E2; Meaning: ', ['Codes']],
    ]);
  });

  it.each([
    ['thead', '<table><thead><tr><td>A<td>B</thead><tr><td>1<td>2</table>', ['A: 1; B: 2']],
    [
      'bold cells',
      '<table><tr><td><p><b>A</b></p><td><strong>B</strong></tr><tr><td>1<td>2</table>',
      ['A: 1; B: 2'],
    ],
    ['no header', '<table><tr><td>1<td>2</tr><tr><td>3<td>4</table>', ['1; 2', '3; 4']],
    ['headings of rows', '<table><tr><th>A<td>1</tr><tr><th>B<td>2</table>', ['A; 1', 'B; 2']],
    [
      'spans',
      '<table><tr><th>A<th colspan=2>B<th>C</tr><tr><td rowspan=2>1<td>2<td>3<td>4</tr><tr><td>5<td>6<td>7</table>',
      ['A: 1; B: 2; B: 3; C: 4', 'B: 5; B: 6; C: 7'],
    ],
    [
      'a header of two rows',
      '<table><tr><th colspan=2>All</tr><tr><th>A<th>B</tr><tr><td>1<td>2</table>',
      ['All', 'A: 1; B: 2'],
    ],
    ['nothing but headings', '<table><tr><th>A<th>B</tr><tr><th>C<th>D</table>', ['A: C; B: D']],
    ['one row', '<table><thead><tr><th>A<th>B</thead></table>', ['A; B']],
    ['a hidden row', '<table><tr><td>1</tr><tr hidden><td>2</table>', ['1']],
  ])('names the columns of a table with %s', (_what, source, rows) => {
    expect(textsOf(source)).toEqual(rows);
  });

  it('reads a table that lays out the page as what it lays out', () => {
    expect(
      blocksOf('<table><tr><td><h1>T</h1><p>Left<td><table><tr><th>A<tr><td>1</table></table>').map(
        ([kind, text]) => [kind, text],
      ),
    ).toEqual([
      ['heading', 'T'],
      ['paragraph', 'Left'],
      ['table-row', 'A: 1'],
    ]);
  });

  it('takes title, uri, tags and date from the head', () => {
    const document = read(
      `<title> A
      Page </title><link rel="canonical" href="https://example.com/p"><base href="https://example.com/">
      <meta name="keywords" content="hub, reset ,"><meta property="article:tag" content="light">
      <meta property="article:published_time" content="2026-01-02"><meta property="article:modified_time" content="2026-02-03T04:05:06Z">
      <h1>Heading</h1>`,
    );
    expect(document).toMatchObject({
      title: 'A Page',
      uri: 'https://example.com/p',
      metadata: { tags: ['hub', 'reset', 'light'], date: '2026-02-03T04:05:06Z' },
    });
  });

  it('falls back to the first heading and to what it was given', () => {
    const document = read('<link rel=canonical href="/p"><h2>Sub</h2><h1>Top <i>heading</i></h1>');
    expect([document.title, document.uri, document.metadata]).toEqual([
      'Top heading',
      'file:///a.html',
      undefined,
    ]);
    expect(read('<title> </title>x').title).toBe('a');
    expect(read('<base href="https://example.com/docs/">x').uri).toBe('https://example.com/docs/');
  });

  it('knows the source line of every stretch', () => {
    const source = '<p>one\ntwo <b>three</b>\n<br>four</p>\r\n<pre>\nfive\nsix</pre>';
    expect(['one', 'two', 'three', 'four', 'five', 'six'].map((word) => anchorOf(source, word)[0])).toEqual([
      1, 2, 2, 3, 5, 6,
    ]);
  });

  it('knows the id of the nearest heading or section', () => {
    const source =
      '<p>start</p><section id="s"><p>first</p><h2 id="h">H</h2><p>second</p><h3>no id</h3><p>third</p></section><h2><a id="inner"></a>I</h2><p>fourth</p><h2>J</h2><p>fifth</p>';
    expect(
      ['start', 'first', 'second', 'third', 'fourth', 'fifth'].map((word) => anchorOf(source, word)[1]),
    ).toEqual([undefined, 's', 'h', 'h', 'inner', undefined]);
  });

  it('gives no blocks for an empty page and for frames', () => {
    expect(read('').blocks).toEqual([]);
    expect(read('<frameset><frame src=x></frameset>').blocks).toEqual([]);
  });

  it.each(['<section>', '<b>', '<ul><li>', '<h1><div>'])('reads 100,000 levels of %s', (tags) => {
    expect(textsOf(tags.repeat(100_000 / (tags.split('<').length - 1)) + 'deep')).toEqual(['deep']);
  });

  it('reads spans of many columns in bounded time', () => {
    const row = '<tr>' + '<td colspan=1000 rowspan=9>x'.repeat(1000);
    expect(textsOf(`<table>${row.repeat(100)}</table>`)).toHaveLength(100);
  });

  it('refuses a page whose tree outgrows memory', async () => {
    // A thousand unclosed elements, which every paragraph opens anew.
    const unclosed = Array.from({ length: 1000 }, (_, i) => `<b a${i}>`).join('');
    const source = `<p>${unclosed}x</p>${'<p>x</p>'.repeat(1000)}`;
    const error = await errorOf(() => read(source));
    expect([error.code, error.message]).toEqual([
      'file-too-large',
      'Expected "a.html" to have at most 500000 elements, got more.',
    ]);
  });

  it('keeps every invariant of blocks and anchors for any tree', () => {
    const words = fc.constantFrom('two years', ' ', '\n', 'a\u0301😀', '&amp; so on', 'x', '\u00a0');
    const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
      tree: fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        words,
        fc.constantFrom(
          '<br>',
          '<hr>',
          '<img alt="picture">',
          '<script>SECRET()</script>',
          '<style>SECRET</style>',
        ),
        fc
          .tuple(
            fc.constantFrom(
              ...'p div b a section article header h1 h2 h3 ul li dl dt dd table tr td th thead tbody caption pre span main q'.split(
                ' ',
              ),
            ),
            fc.constantFrom(
              '',
              ' id="i"',
              ' hidden',
              ' colspan="2" rowspan="3"',
              ' href="#x"',
              ' role="presentation"',
            ),
            tie('tree'),
          )
          .map(([name, attributes, inside]) => `<${name}${attributes}>${inside}</${name}>`),
      ),
    }));
    fc.assert(
      fc.property(tree, (source) => {
        const { text, blocks, anchors } = read(source);
        let last = 0;
        for (const { start, end } of blocks) {
          expect(start).toBe(last === 0 ? 0 : last + 2);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBe(text.length);
        anchors.forEach(({ start, line }, i) => {
          expect(start).toBeGreaterThan(anchors[i - 1]?.start ?? -1);
          expect(start).toBeLessThan(text.length);
          expect(line).toBeGreaterThanOrEqual(1);
        });
        expect(text).not.toContain('SECRET');
      }),
      { numRuns: 500, examples: [['<pre>two years\n</pre>']] },
    );
  });
});

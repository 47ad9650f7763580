import { describe, expect, it } from 'vitest';
import { wholePassage } from '../../src/core/passage.js';
import { cite } from '../../src/pipeline/index.js';
import { splitPassages } from '../../src/retriever/index.js';
import { markdown } from '../support/documents.js';

describe('cite', () => {
  it('gives document offsets, the heading path, the line and the sentence around the quote', () => {
    const document = markdown(
      'w.md',
      '# Warranty\n\nIntro 😀.\n\n## Hub\n\nIt begins at once. It lasts two\nyears from delivery. Then it ends.\n',
    );
    const passage = splitPassages(document).find(({ text }) => text.includes('two years'));
    if (passage === undefined) throw new Error('no passage');
    const start = passage.text.indexOf('two years');
    const citation = cite(passage, { start, end: start + 'two years'.length });
    expect(citation).toMatchObject({
      documentId: 'w.md',
      title: 'Warranty',
      uri: 'https://example.com/w.md',
      link: 'https://example.com/w.md#hub:~:text=two%20years',
      headings: ['Warranty', 'Hub'],
      line: 7,
      quote: 'two years',
      sentence: { text: 'It lasts two years from delivery.' },
    });
    expect(document.text.slice(citation.start, citation.end)).toBe('two years');
    expect(document.text.slice(citation.sentence.start, citation.sentence.end)).toBe(citation.sentence.text);
  });

  it('takes all sentences that a quote touches', () => {
    const [passage] = splitPassages(markdown('d', 'One is here. Two follows. Three ends.'));
    if (passage === undefined) throw new Error('no passage');
    expect(cite(passage, { start: 4, end: 16 }).sentence.text).toBe('One is here. Two follows.');
  });

  it('tells a quote from others of the same words in its link', () => {
    const [passage] = splitPassages(markdown('d', 'Parts last two years. The hub lasts two years too.'));
    if (passage === undefined) throw new Error('no passage');
    const start = passage.text.lastIndexOf('two years');
    expect(cite(passage, { start, end: start + 9 }).link).toBe(
      'https://example.com/d#:~:text=The%20hub%20lasts-,two%20years,-too',
    );
  });

  it('links to the page of a source with pages, and to nothing without a uri', () => {
    const passage = {
      ...wholePassage('a.pdf', 'It lasts two years.', { uri: 'file:///a.pdf' }),
      anchors: [{ start: 0, page: 3 }],
    };
    expect(cite(passage, { start: 9, end: 18 })).toMatchObject({ page: 3, link: 'file:///a.pdf#page=3' });
    expect(cite(wholePassage('9', 'It lasts two years.'), { start: 9, end: 18 })).not.toHaveProperty('link');
  });
});

import { describe, expect, it } from 'vitest';
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
});

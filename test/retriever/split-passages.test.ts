import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/core/text-units.js';
import { loadCorpus } from '../../src/ingest/index.js';
import { splitPassages } from '../../src/retriever/index.js';
import { markdown } from '../support/documents.js';

const sentence = (name: string, words: number): string => `${name} ${'word '.repeat(words - 2)}end.`;

describe('splitPassages', () => {
  it('packs whole sentences up to the limit and repeats the last ones', () => {
    const source = ['One', 'Two', 'Three', 'Four'].map((name) => sentence(name, 10)).join(' ');
    const passages = splitPassages(markdown('d', source), { maxWords: 30, overlapWords: 10 });
    const names = passages.map(({ text }) => text.match(/One|Two|Three|Four/g));
    expect(names).toEqual([
      ['One', 'Two', 'Three'],
      ['Three', 'Four'],
    ]);
  });

  it('keeps sections apart and gives each passage its headings', () => {
    const passages = splitPassages(
      markdown('d', '# A\n\nUnder A.\n\n## B\n\nUnder B.\n\nMore.\n\n# C\n\nUnder C.'),
    );
    expect(passages.map(({ headings, text }) => [headings.join('/'), text])).toEqual([
      ['A', 'Under A.'],
      ['A/B', 'Under B.\n\nMore.'],
      ['C', 'Under C.'],
    ]);
  });

  it('keeps sections apart whose headings have the same text', () => {
    const passages = splitPassages(markdown('d', '# Head\n\nOne.\n\n# Head\n\nTwo.'));
    expect(passages.map(({ text }) => text)).toEqual(['One.', 'Two.']);
  });

  it('cuts a sentence longer than a passage between words', () => {
    const passages = splitPassages(markdown('d', 'word '.repeat(25)), { maxWords: 10, overlapWords: 0 });
    expect(passages.map(({ text }) => splitWords(text).length)).toEqual([10, 10, 5]);
  });

  it('keeps table rows whole', () => {
    const rows = Array.from({ length: 5 }, (_, i) => `| key${i}. Then | a b c |`).join('\n');
    const passages = splitPassages(markdown('d', `| K | V |\n|---|---|\n${rows}`), {
      maxWords: 14,
      overlapWords: 0,
    });
    for (const { text } of passages)
      expect(text).toMatch(/^K: key\d\. Then; V: a b c(\n\nK: key\d\. Then; V: a b c)?$/);
  });

  it('gives one passage for a document of headings alone, and none for an empty one', () => {
    expect(
      splitPassages(markdown('d', '# Only\n\n## Headings'))
        .map(({ text }) => text)
        .join(' '),
    ).toContain('Headings');
    expect(splitPassages(markdown('d', ''))).toEqual([]);
  });

  it('slices the document, loses no word, keeps to the limits and moves on, for any document and sizes', () => {
    const unit = fc.constantFrom(
      'word ',
      'Another. ',
      'é😀 ',
      '\n\n',
      '\n\n# Head\n\n',
      '\n\n- item ',
      '\r\n',
      'x',
      '! ',
      ' | ',
    );
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 120 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(11),
        (source, maxWords, overlap) => {
          const document = markdown('d', source);
          const overlapWords = Math.min(overlap, maxWords - 1);
          const passages = splitPassages(document, { maxWords, overlapWords });
          const covered = new Uint8Array(document.text.length);
          passages.forEach(({ start, end, text }, i) => {
            expect(text).toBe(document.text.slice(start, end));
            expect(splitWords(text).length).toBeLessThanOrEqual(maxWords);
            const before = passages[i - 1];
            if (before !== undefined) {
              expect(end).toBeGreaterThan(before.end);
              expect(
                splitWords(document.text.slice(start, Math.max(start, before.end))).length,
              ).toBeLessThanOrEqual(overlapWords);
            }
            covered.fill(1, start, end);
          });
          const body = document.blocks.filter(({ kind }) => kind !== 'heading');
          for (const block of body) {
            for (const word of splitWords(document.text.slice(block.start, block.end))) {
              expect(covered[block.start + word.start]).toBe(1);
              expect(covered[block.start + word.end - 1]).toBe(1);
            }
          }
        },
      ),
    );
  });

  it('gives every passage of the sample corpora its line', async () => {
    const { documents } = await loadCorpus(['corpora'], { include: ['*.md'] });
    for (const document of documents) {
      for (const passage of splitPassages(document)) {
        expect(passage.text).toBe(document.text.slice(passage.start, passage.end));
        expect(passage.anchors[0]?.line).toBeGreaterThan(1);
      }
    }
  });
});

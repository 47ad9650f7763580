import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/core/text-units.js';
import { loadCorpus, readSquadFile } from '../../src/ingest/index.js';

const CORPORA = ['help-centre', 'handbook', 'encyclopedia'];

const load = async (name: string) => ({
  ...(await loadCorpus([`corpora/${name}`])),
  ...(await readSquadFile(`corpora/${name}.questions.json`)),
});

describe.each(CORPORA)('the corpus %s', (name) => {
  it('loads without problems; every document has a title and an address', async () => {
    const { documents, problems } = await load(name);
    expect(problems).toEqual([]);
    for (const { title, uri } of documents) {
      expect(title).not.toBe('');
      expect(uri).toMatch(/^https:\/\/[a-z.]+\.example\//);
    }
    expect(new Set(documents.map(({ uri }) => uri)).size).toBe(documents.length);
  });

  it('has questions whose paragraphs stand in their document and whose answers stand in their paragraph', async () => {
    const { documents, paragraphs, questions } = await load(name);
    const texts = new Map(documents.map(({ id, text }) => [id, text]));
    // That every answer stands at its offset is checked when the file is read.
    for (const { title, text } of paragraphs) expect(texts.get(title)).toContain(text);
    for (const { answers } of questions) {
      for (const { text } of answers) expect(text).toBe(text.trim());
    }
  });

  it('asks about every document, and a third of the questions cannot be answered', async () => {
    const { documents, questions } = await load(name);
    const asked = new Set(questions.map(({ title }) => title));
    expect(documents.filter(({ id }) => !asked.has(id))).toEqual([]);
    expect(questions.filter(({ answers }) => answers.length === 0).length * 3).toBeGreaterThanOrEqual(questions.length);
  });
});

describe('the corpora together', () => {
  it('have 60 documents or more, some longer than 2,000 words, and 300 questions or more', async () => {
    const all = await Promise.all(CORPORA.map(load));
    const documents = all.flatMap((corpus) => corpus.documents);
    expect(documents.length).toBeGreaterThanOrEqual(60);
    expect(documents.filter(({ text }) => splitWords(text).length > 2000).length).toBeGreaterThanOrEqual(3);
    expect(all.flatMap((corpus) => corpus.questions).length).toBeGreaterThanOrEqual(300);
  });

  it('are listed in PROVENANCE.md with their true counts', async () => {
    const provenance = readFileSync('corpora/PROVENANCE.md', 'utf8');
    for (const name of CORPORA) {
      const { documents, questions } = await load(name);
      const unanswerable = questions.filter(({ answers }) => answers.length === 0).length;
      expect(provenance).toMatch(
        new RegExp(`\\| \`${name}\` .*\\| ${documents.length} \\| [\\d,]+ \\| ${questions.length} \\(${unanswerable}\\) \\|`),
      );
    }
  });
});

import type { Block, SourceDocument } from '../../src/core/document.js';
import { headingPath, type Passage } from '../../src/core/passage.js';
import type { QuestionSet } from '../../src/ingest/index.js';
import { splitPassages } from '../../src/retriever/split-passages.js';
import { plainTitle } from './data.js';
import { groupBy } from './group-by.js';
import { buildIndex } from './lexical-index.js';
import type { Configuration } from './ranker.js';
import { Ranker } from './ranker.js';

const GAP = '\n\n';
/** What a reader is given to read, at most, for the figure at equal reading. */
const WORDS_READ = 1000;
const SIZES: readonly (readonly [maxWords: number, overlapWords: number])[] = [
  [50, 0],
  [50, 15],
  [75, 20],
  [100, 0],
  [100, 30],
  [100, 50],
  [150, 0],
  [150, 45],
  [200, 60],
  [300, 90],
];

/** An article made of its paragraphs, and where each begins. */
interface Article {
  readonly document: SourceDocument;
  readonly starts: ReadonlyMap<string, number>;
}

/** Prints how often the gold answer's own place stands in the passages found, for passages of several sizes. */
export function printPassageSizes(set: QuestionSet, configuration: Configuration): void {
  const articles = Array.from(
    groupBy(set.paragraphs, ({ title }) => title),
    ([title, members]) =>
      joinParagraphs(
        title,
        members.map(({ text }) => text),
      ),
  );
  const starts = new Map(articles.flatMap((article) => [...article.starts]));
  const gold = set.questions.flatMap(({ question, title, paragraph, answers }) => {
    const start = starts.get(set.paragraphs[paragraph]?.text ?? '');
    const places = answers.map((answer) => ({
      start: answer.start + (start ?? 0),
      end: answer.end + (start ?? 0),
    }));
    return start === undefined || places.length === 0 ? [] : [{ question, title, places }];
  });
  console.log(`\n### Passage sizes: ${gold.length} questions, ${articles.length} articles\n`);
  console.log(`| words, overlap | passages | span recall@1 | @5 | @10 | in the first ${WORDS_READ} words |`);
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [maxWords, overlapWords] of SIZES) {
    const passages = articles.flatMap(({ document }) => splitPassages(document, { maxWords, overlapWords }));
    const index = buildIndex(
      passages.map((passage) => [[...headingPath(passage), passage.text].join('\n')]),
      configuration.analyze,
    );
    const ranker = new Ranker(configuration, index);
    const words = passages.map(({ text }) => text.split(/\s+/).length);
    const ranks = gold.map(({ question, title, places }) => {
      const found = ranker.rank(question, Math.ceil(WORDS_READ / 25));
      const rank = found.findIndex((ordinal) => holdsAny(passages[ordinal], title, places));
      const read = found.slice(0, rank + 1).reduce((sum, ordinal) => sum + (words[ordinal] ?? 0), 0);
      return { rank: rank < 0 ? Infinity : rank, read };
    });
    const share = (counts: (place: (typeof ranks)[number]) => boolean): string =>
      ((100 * ranks.filter(counts).length) / ranks.length).toFixed(2);
    const cells = [1, 5, 10].map((k) => share(({ rank }) => rank < k));
    const budget = share(({ rank, read }) => rank < Infinity && read <= WORDS_READ);
    console.log(`| ${maxWords}, ${overlapWords} | ${passages.length} | ${cells.join(' | ')} | ${budget} |`);
  }
}

function holdsAny(
  passage: Passage | undefined,
  title: string,
  places: readonly { readonly start: number; readonly end: number }[],
): boolean {
  return (
    passage?.documentId === title &&
    places.some(({ start, end }) => passage.start <= start && end <= passage.end)
  );
}

function joinParagraphs(title: string, texts: readonly string[]): Article {
  const starts = new Map<string, number>();
  const blocks: Block[] = [];
  let length = 0;
  for (const text of texts) {
    starts.set(text, length);
    blocks.push({ kind: 'paragraph', headings: [], start: length, end: length + text.length });
    length += text.length + GAP.length;
  }
  return {
    document: { id: title, title: plainTitle(title), uri: '', text: texts.join(GAP), blocks, anchors: [] },
    starts,
  };
}

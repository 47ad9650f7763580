import { ENGLISH_MATCHING, type SpellingOptions } from '../../src/retriever/english-matching.js';
import type { Analyzer } from './analysis/normalizations.js';
import type { Unit } from './data.js';
import { withFeedback, type Feedback } from './feedback.js';
import { groupBy } from './group-by.js';
import { buildIndex, type LexicalIndex } from './lexical-index.js';
import { TOP_K } from './measure.js';
import { HitFinder, type Proximity } from './proximity.js';
import { best, Scorer, type Bm25f, type Concept, type Variant } from './scorer.js';
import { correct } from './spelling-fallback.js';

/** What is indexed of a unit. */
export type Layout = 'text' | 'title in text' | 'title beside text';

const FIELDS: Readonly<Record<Layout, (unit: Unit) => string[]>> = {
  text: ({ text }) => [text],
  'title in text': ({ title, text }) => [`${title}\n${text}`],
  'title beside text': ({ title, text }) => [title, text],
};

/** Terms with the same key are forms of one word. */
export interface Conflation {
  readonly key: (term: string) => string;
  /** What an occurrence of another form counts against one of the question's own, 0 to 1. */
  readonly weight: number;
}

/** A way to rank units; every field but `bm25f` left out is plain exact BM25. */
export interface Configuration {
  readonly analyze: Analyzer;
  readonly layout: Layout;
  readonly bm25f: Bm25f;
  readonly conflation?: Conflation;
  /** Question terms that are not looked up, unless nothing else is left. */
  readonly stopWords?: ReadonlySet<string>;
  readonly proximity?: Proximity;
  readonly feedback?: Feedback;
  readonly spelling?: SpellingOptions;
}

/** Units looked at again for proximity. */
const RESCORED = ENGLISH_MATCHING.window.passages;

/** Ranks units for questions. Built once for a setting and a configuration. */
export class Ranker {
  readonly #configuration: Configuration;
  readonly #index: LexicalIndex;
  readonly #scorer: Scorer;
  readonly #hits: HitFinder;
  readonly #forms: ReadonlyMap<string, readonly number[]>;

  constructor(configuration: Configuration, index: LexicalIndex) {
    this.#configuration = configuration;
    this.#index = index;
    this.#scorer = new Scorer(index, configuration.bm25f);
    this.#hits = new HitFinder(index);
    const { conflation } = configuration;
    this.#forms =
      conflation === undefined
        ? new Map()
        : groupBy(index.termIds.values(), (id) => conflation.key(index.terms[id] ?? ''));
  }

  /** The best units for a question, best first. */
  rank(question: string, topK = TOP_K): number[] {
    const { proximity, feedback } = this.#configuration;
    const { concepts, order } = this.#conceptsOf(question);
    let scores = this.#scorer.score(concepts);
    if (feedback !== undefined) {
      const top = best(scores, feedback.units);
      scores = this.#scorer.score(withFeedback(this.#index, concepts, scores, top, feedback));
    }
    if (proximity !== undefined) {
      this.#hits.addTo(scores, best(scores, RESCORED), concepts, order, proximity);
    }
    return best(scores, topK);
  }

  #conceptsOf(question: string): { concepts: Concept[]; order: number[] } {
    const { analyze, stopWords } = this.#configuration;
    const all = analyze(question);
    const wanted = all.filter((term) => stopWords?.has(term) !== true);
    const terms = wanted.length > 0 ? wanted : all;
    const variants = new Map(terms.map((term) => [term, this.#variantsOf(term)]));
    const known = terms.filter((term) => (variants.get(term)?.length ?? 0) > 0);
    const distinct = [...new Set(known)];
    return {
      concepts: distinct.map((term) => ({
        variants: variants.get(term) ?? [],
        weight: known.filter((other) => other === term).length,
      })),
      order: known.map((term) => distinct.indexOf(term)),
    };
  }

  #variantsOf(term: string): Variant[] {
    const { conflation, spelling } = this.#configuration;
    const exact = this.#index.termIds.get(term);
    const variants: Variant[] = exact === undefined ? [] : [{ term: exact, weight: 1 }];
    if (conflation !== undefined) {
      const forms = this.#forms.get(conflation.key(term)) ?? [];
      variants.push(
        ...forms.filter((form) => form !== exact).map((form) => ({ term: form, weight: conflation.weight })),
      );
    }
    if (variants.length > 0 || spelling === undefined) return variants;
    return correct(this.#index, term, spelling).flatMap((id) => {
      const meant = this.#index.terms[id] ?? '';
      return this.#variantsOf(meant);
    });
  }
}

interface CachedIndex {
  readonly analyze: Analyzer;
  readonly index: LexicalIndex;
}

/** Keeps the last index of each set of units and layout. */
export class IndexCache {
  readonly #indexes = new Map<readonly Unit[], Map<Layout, CachedIndex>>();

  get(units: readonly Unit[], { analyze, layout }: Configuration): LexicalIndex {
    const byLayout = this.#indexes.get(units) ?? new Map<Layout, CachedIndex>();
    this.#indexes.set(units, byLayout);
    const known = byLayout.get(layout);
    if (known?.analyze === analyze) return known.index;
    const index = buildIndex(units.map(FIELDS[layout]), analyze);
    byLayout.set(layout, { analyze, index });
    return index;
  }
}

import { LRUCache } from 'lru-cache';
import type { TermContribution } from '../core/passage.js';
import { analyze } from './analyze.js';
import { inverseDocumentFrequency, lengthNorm, termWeight, type Bm25Parameters } from './bm25.js';
import { contentTerms, ENGLISH_MATCHING } from './english-matching.js';
import { InvertedIndex, type StoredPostings } from './inverted-index.js';
import { LargestValues } from './largest-values.js';
import { MaxScore } from './max-score.js';
import { PassageWindows } from './passage-windows.js';
import type { Ranking } from './ranking.js';
import { PassageCounter, termFrequency, type FormPostings } from './term-postings.js';
import { Vocabulary } from './vocabulary.js';

/** A passage by its number. */
export interface FoundPassage {
  readonly ordinal: number;
  readonly score: number;
  /** Where it was asked for. */
  readonly explanation?: readonly TermContribution[];
}

/** What the index does not hold of its passages. */
export interface PassageSource {
  /** A passage's terms in their order, as they were added. */
  terms(ordinal: number): readonly string[];
  /** Which of two passages of equal score comes first. */
  compare(a: number, b: number): number;
}

export interface SearchOptions {
  readonly topK: number;
  /** Only these passages are candidates. */
  readonly isAllowed?: ((ordinal: number) => boolean) | undefined;
  /** Adds each question term's contribution. */
  readonly explain?: boolean | undefined;
}

/** An index term that counts as a question term, and how much an occurrence of it counts. */
interface Form extends FormPostings {
  readonly term: string;
}

/** What the index knows of a question term. */
interface KnownTerm {
  readonly term: string;
  /** What the question has instead of the term. */
  readonly correctedFrom?: string;
  readonly forms: readonly Form[];
  readonly passageFrequency: number;
  readonly inverseDocumentFrequency: number;
}

/** One question term looked up in the index. */
interface QueryTerm extends KnownTerm {
  readonly queryFrequency: number;
}

/** A passage and, by question term, the parts of its score. */
interface Scored {
  readonly ordinal: number;
  readonly score: number;
  readonly bm25: readonly number[];
  /** Empty where nearness was not looked at. */
  readonly window: readonly number[];
}

/** Passages made elsewhere, in the order of their ordinals, and their postings. */
export interface LoadedPassages extends StoredPostings {
  readonly ordinals: readonly number[];
  /** In terms; one for each ordinal. */
  readonly lengths: readonly number[];
}

/** Stands for a passage's length where no passage is. */
const ABSENT = 0xffff;

/** Longer passages count as this long; none of ordinary size comes near it. */
const MAX_LENGTH = ABSENT - 1;

/** Terms of so many bytes of postings for each passage are decoded before they are asked for. */
const COMMON = 1 / 20;

/** Question terms that are kept as they were looked up. */
const TERMS_KEPT = 20_000;

/**
 * BM25 over numbered passages: every passage that shares a term with the question is scored with
 * Σ queryFrequency · idf · tf / (tf + k1 · (1 − b + b · length / averageLength)), over the distinct question terms in
 * their order of appearance. A removed passage counts nowhere, so that scores are those of an index that never held it.
 *
 * With `english` matching ({@link ENGLISH_MATCHING} has the figures):
 * - question words are no question terms, unless there are no others;
 * - tf is that of the term + 0.5 · that of the terms with the same stem, and idf counts the passages that hold any of these;
 * - a term of which no form is known stands for the nearest spellings that are known;
 * - each of the 100 best passages gets 0.4 · idf more for every question term in the window of 10 successive terms in which these
 *   add up to most. The others follow by BM25, none above any of the 100.
 */
export class Bm25Index {
  readonly #bm25: Bm25Parameters;
  readonly #isEnglish: boolean;
  readonly #index = new InvertedIndex();
  /** Made by the first search that needs it. */
  #vocabulary: Vocabulary | undefined;
  /** By what the question has; emptied by every change. */
  readonly #knownTerms = new LRUCache<string, KnownTerm>({ max: TERMS_KEPT });
  readonly #counter = new PassageCounter();
  readonly #maxScore = new MaxScore();
  readonly #windows = new PassageWindows(() => this.#words());
  /** Length in terms, by ordinal; {@link ABSENT} where no passage is. */
  #lengths = new Uint16Array(1024).fill(ABSENT);
  #end = 0;
  #size = 0;
  #totalLength = 0;
  #hasRemoved = false;
  /** No passage was ever shorter or longer. */
  #minLength = Infinity;
  #maxLength = 0;
  /** By length; made anew when the average length has changed. */
  #norms: Float64Array | undefined;

  constructor({ matching, bm25 }: Ranking) {
    this.#bm25 = bm25;
    this.#isEnglish = matching === 'english';
  }

  /** Number of passages. */
  get size(): number {
    return this.#size;
  }

  /** The ordinal that the next passage gets. */
  get end(): number {
    return this.#end;
  }

  /** Adds a passage of these terms and returns its ordinal. */
  add(terms: readonly string[]): number {
    const ordinal = this.#end;
    const counts = countTerms(terms);
    this.#index.add(ordinal, counts);
    this.#vocabulary?.add(counts.keys());
    this.#place(ordinal, terms.length);
    this.#forget();
    return ordinal;
  }

  /** Adds passages whose ordinals are greater than all before. */
  load(passages: LoadedPassages): void {
    this.#index.load(passages);
    this.#vocabulary?.add(passages.terms());
    passages.ordinals.forEach((ordinal, i) => this.#place(ordinal, passages.lengths[i] ?? 0));
    this.#forget();
  }

  /** Takes passages out; ordinals without a passage are passed over. */
  remove(ordinals: Iterable<number>): void {
    for (const ordinal of ordinals) {
      const length = this.#lengths[ordinal] ?? ABSENT;
      if (length === ABSENT) continue;
      this.#lengths[ordinal] = ABSENT;
      this.#size--;
      this.#totalLength -= length;
      this.#hasRemoved = true;
    }
    this.#forget();
  }

  /** Makes now what the first searches would make. */
  prepare(): void {
    if (this.#isEnglish) this.#words();
    this.#index.decode(this.#end * COMMON);
  }

  /** The best passages by descending score; equal ones in the order of the source. */
  search(
    question: string,
    source: PassageSource,
    { topK, isAllowed, explain = false }: SearchOptions,
  ): FoundPassage[] {
    const terms = this.#lookUp(question);
    const inOrder = (scored: Scored[]): Scored[] =>
      scored.sort((a, b) => b.score - a.score || source.compare(a.ordinal, b.ordinal));
    const lookedAtAgain = this.#isEnglish ? ENGLISH_MATCHING.window.passages : 0;
    const byBm25 = inOrder(this.#best(terms, Math.max(topK, lookedAtAgain), isAllowed));
    const pool = byBm25.slice(0, lookedAtAgain);
    const others = byBm25.slice(lookedAtAgain, topK);
    return [...inOrder(this.#withWindows(pool, terms, topK, source)), ...others]
      .slice(0, topK)
      .map((scored) => ({
        ordinal: scored.ordinal,
        score: scored.score,
        ...(explain ? { explanation: this.#explain(terms, scored) } : {}),
      }));
  }

  /** Terms that begin so and stand in a passage, those in most passages first; equal ones in the order of their letters. */
  complete(beginning: string, limit: number): string[] {
    return this.#words()
      .startingWith(beginning)
      .map((term) => ({ term, frequency: this.#frequencyOf(term) }))
      .filter(({ frequency }) => frequency > 0)
      .sort((a, b) => b.frequency - a.frequency || (a.term < b.term ? -1 : 1))
      .slice(0, limit)
      .map(({ term }) => term);
  }

  #place(ordinal: number, terms: number): void {
    const length = Math.min(terms, MAX_LENGTH);
    if (ordinal >= this.#lengths.length) {
      const larger = new Uint16Array(2 * ordinal).fill(ABSENT);
      larger.set(this.#lengths);
      this.#lengths = larger;
    }
    this.#lengths[ordinal] = length;
    this.#minLength = Math.min(this.#minLength, length);
    this.#maxLength = Math.max(this.#maxLength, length);
    this.#end = ordinal + 1;
    this.#size++;
    this.#totalLength += length;
  }

  /** Drops what was worked out for the passages before a change. */
  #forget(): void {
    this.#norms = undefined;
    this.#knownTerms.clear();
  }

  #lookUp(question: string): QueryTerm[] {
    const terms = analyze(question);
    return Array.from(countTerms(this.#isEnglish ? contentTerms(terms) : terms), ([term, queryFrequency]) => {
      let known = this.#knownTerms.get(term);
      if (known === undefined) {
        known = this.#isEnglish ? this.#formsOf(term) : this.#known(term, this.#weigh([term]));
        this.#knownTerms.set(term, known);
      }
      return { ...known, queryFrequency };
    });
  }

  /** A term with the forms of its word or, if no passage holds any, with those of the nearest spellings. */
  #formsOf(term: string): KnownTerm {
    const known = this.#known(term, this.#weigh([term]));
    if (known.passageFrequency > 0) return known;
    const meant = this.#words().spelling.correct(term, (other) => this.#frequencyOf(other));
    const [likeliest] = meant;
    if (likeliest === undefined) return known;
    return { ...this.#known(likeliest, this.#weigh(meant)), correctedFrom: term };
  }

  /** The terms themselves count in full, in English other forms of theirs less. */
  #weigh(terms: readonly string[]): Form[] {
    const forms = new Map(terms.map((term) => [term, 1]));
    if (this.#isEnglish) {
      for (const form of terms.flatMap((term) => this.#words().formsOf(term))) {
        if (!forms.has(form)) forms.set(form, ENGLISH_MATCHING.otherForms);
      }
    }
    return Array.from(forms, ([term, weight]) => ({ term, weight, postings: this.#index.postings(term) }));
  }

  #known(term: string, forms: readonly Form[]): KnownTerm {
    const passageFrequency = this.#passageFrequency(forms);
    return {
      ...{ term, forms, passageFrequency },
      inverseDocumentFrequency: inverseDocumentFrequency(this.size, passageFrequency),
    };
  }

  /** How many passages hold a term itself. */
  #frequencyOf(term: string): number {
    return this.#passageFrequency([{ postings: this.#index.postings(term), weight: 1 }]);
  }

  #words(): Vocabulary {
    if (this.#vocabulary === undefined) {
      this.#vocabulary = new Vocabulary();
      this.#vocabulary.add(this.#index.terms());
    }
    return this.#vocabulary;
  }

  /** How many passages hold any of the forms. */
  #passageFrequency(forms: readonly FormPostings[]): number {
    const [only] = forms;
    if (forms.length === 1 && only !== undefined && !this.#hasRemoved) {
      return only.postings.reduce((sum, ordinals) => sum + (ordinals?.length ?? 0), 0);
    }
    const isGone = (ordinal: number): boolean => this.#lengths[ordinal] === ABSENT;
    return this.#counter.count(forms, this.#end, this.#hasRemoved ? isGone : undefined);
  }

  /** The best passages by BM25, in no order, and every other that scores as much as the last of them. */
  #best(
    terms: readonly QueryTerm[],
    topK: number,
    isAllowed: ((ordinal: number) => boolean) | undefined,
  ): Scored[] {
    const best = new LargestValues(topK);
    const candidates = this.#maxScore.candidates(
      terms.map((term) => ({ ...term, factor: termFactor(term) })),
      {
        topK,
        end: this.#end,
        lengths: this.#lengths,
        norms: this.#normsByLength(),
        minNorm: this.#normsByLength()[this.#minLength] ?? 0,
        isCandidate: (ordinal) => this.#lengths[ordinal] !== ABSENT && (isAllowed?.(ordinal) ?? true),
      },
    );
    const scored = candidates.map((ordinal): Scored => {
      const bm25 = this.#termScores(terms, ordinal);
      const score = total(bm25);
      best.add(score);
      return { ordinal, score, bm25, window: [] };
    });
    return scored.filter(({ score }) => score >= best.floor);
  }

  /** What each term adds to a passage's BM25 score. */
  #termScores(terms: readonly QueryTerm[], ordinal: number): number[] {
    const norm = this.#normsByLength()[this.#lengths[ordinal] ?? 0] ?? 0;
    return terms.map((term) => {
      const frequency = termFrequency(term.forms, ordinal);
      return frequency === 0 ? 0 : termFactor(term) * termWeight(frequency, norm);
    });
  }

  /**
   * Adds what the best window of a passage counts to its score. Passages come by descending bound, which is what all terms of the
   * passage in one window would give; those that cannot be among the best any more are left out.
   */
  #withWindows(
    pool: readonly Scored[],
    terms: readonly QueryTerm[],
    topK: number,
    source: PassageSource,
  ): Scored[] {
    if (pool.length === 0) return [];
    const bounded = pool
      .map((scored) => {
        const window = terms.map((term, i) => ((scored.bm25[i] ?? 0) > 0 ? windowPart(term) : 0));
        return { scored, bound: total(scored.bm25, window) };
      })
      .sort((a, b) => b.bound - a.bound);
    const inBestWindow = this.#windows.of(terms, (ordinal) => source.terms(ordinal));
    const best = new LargestValues(topK);
    const found: Scored[] = [];
    for (const { scored, bound } of bounded) {
      // Sums of the same numbers in the same order: rounding cannot put a score over its bound.
      if (bound < best.floor) break;
      const inWindow = inBestWindow(scored.ordinal);
      const window = terms.map((term, i) => (inWindow.has(i) ? windowPart(term) : 0));
      const score = total(scored.bm25, window);
      best.add(score);
      found.push({ ...scored, score, window });
    }
    return found;
  }

  /** What each question term added to a passage's score; the contributions add up to it. */
  #explain(terms: readonly QueryTerm[], { ordinal, bm25, window }: Scored): TermContribution[] {
    return terms.flatMap((term, i) => {
      const part = bm25[i] ?? 0;
      if (part === 0) return [];
      const forms = term.forms
        .map(({ term: form, postings }) => ({
          term: form,
          termFrequency: termFrequency([{ postings, weight: 1 }], ordinal),
        }))
        .sort((a, b) => (a.term < b.term ? -1 : 1));
      const own = forms.find((form) => form.term === term.term)?.termFrequency ?? 0;
      const others = forms.filter((form) => form.term !== term.term && form.termFrequency > 0);
      const windowContribution = window[i] ?? 0;
      return [
        {
          term: term.term,
          ...(term.correctedFrom === undefined ? {} : { correctedFrom: term.correctedFrom }),
          queryFrequency: term.queryFrequency,
          termFrequency: own,
          ...(others.length === 0 ? {} : { forms: others }),
          passageFrequency: term.passageFrequency,
          inverseDocumentFrequency: term.inverseDocumentFrequency,
          contribution: part + windowContribution,
          ...(windowContribution === 0 ? {} : { windowContribution }),
        },
      ];
    });
  }

  #normsByLength(): Float64Array {
    const averageLength = this.#totalLength / this.#size;
    this.#norms ??= Float64Array.from({ length: this.#maxLength + 1 }, (_, length) =>
      lengthNorm(length, averageLength, this.#bm25),
    );
    return this.#norms;
  }
}

function termFactor({
  queryFrequency,
  inverseDocumentFrequency,
}: Pick<QueryTerm, 'queryFrequency' | 'inverseDocumentFrequency'>): number {
  return queryFrequency * inverseDocumentFrequency;
}

/** What a term counts for standing in a passage's best window. */
function windowPart({ inverseDocumentFrequency: idf }: QueryTerm): number {
  return ENGLISH_MATCHING.window.weight * idf;
}

/** The sum of the terms' parts, in the order of the terms: of a score the definition, down to the rounding. */
function total(bm25: readonly number[], window: readonly number[] = []): number {
  return bm25.reduce((score, part, i) => score + (part + (window[i] ?? 0)), 0);
}

/** Every distinct term in its order of appearance, and how often it stands there. */
export function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

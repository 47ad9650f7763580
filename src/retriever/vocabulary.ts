import { porter2 } from './porter2.js';
import { SpellingIndex } from './spelling.js';

/** Letters by which terms are found from their beginning. */
const BUCKET_LETTERS = 2;

/** The terms of an index: numbered, by their stem, their spelling and their beginning. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly #byStem = new Map<string, string[]>();
  readonly #byBeginning = new Map<string, string[]>();
  readonly spelling = new SpellingIndex();

  /** Adds terms; those that are there already are passed over. */
  add(terms: Iterable<string>): void {
    for (const term of terms) {
      if (this.#numbers.has(term)) continue;
      this.#numbers.set(term, this.#numbers.size);
      this.spelling.add(term);
      append(this.#byBeginning, bucketOf(term), term);
      append(this.#byStem, porter2(term), term);
    }
  }

  /** All terms that begin so, in the order in which they came in; none for a single letter, with which too many begin. */
  startingWith(beginning: string): string[] {
    if (beginning.length < BUCKET_LETTERS) return [];
    const terms = this.#byBeginning.get(bucketOf(beginning)) ?? [];
    return terms.filter((term) => term.startsWith(beginning));
  }

  /** A term's number; undefined if it is not there. */
  numberOf(term: string): number | undefined {
    return this.#numbers.get(term);
  }

  /** All terms that are forms of the same word, the term itself among them if it is there. */
  formsOf(term: string): readonly string[] {
    return this.#byStem.get(porter2(term)) ?? [];
  }
}

function bucketOf(term: string): string {
  return term.slice(0, BUCKET_LETTERS);
}

function append(lists: Map<string, string[]>, key: string, term: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [term]);
  else list.push(term);
}

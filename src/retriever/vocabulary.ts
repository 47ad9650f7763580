import { porter2 } from './porter2.js';
import { SpellingIndex } from './spelling.js';

/** The terms of an index: numbered, by their stem, and by their spelling. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly #byStem = new Map<string, string[]>();
  readonly spelling = new SpellingIndex();

  /** Adds terms; those that are there already are passed over. */
  add(terms: Iterable<string>): void {
    for (const term of terms) {
      if (this.#numbers.has(term)) continue;
      this.#numbers.set(term, this.#numbers.size);
      this.spelling.add(term);
      const stem = porter2(term);
      const forms = this.#byStem.get(stem);
      if (forms === undefined) this.#byStem.set(stem, [term]);
      else forms.push(term);
    }
  }

  /** All terms that begin so, in the order in which they came in. */
  startingWith(beginning: string): string[] {
    return Array.from(this.#numbers.keys()).filter((term) => term.startsWith(beginning));
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

/** The `BPE` model in tokenizer.json. */
export interface BytePairModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Rank of each merge, by its two parts joined with a space; lower ranks are merged first. */
  readonly ranks: ReadonlyMap<string, number>;
}

/** A piece of a word: its id, if the vocabulary has it, and how many symbols of the word it covers. */
export interface WordPart {
  readonly id: number | undefined;
  readonly length: number;
}

interface Candidate {
  readonly rank: number;
  readonly left: number;
  readonly merged: string;
}

/**
 * Byte-pair encoding of one word (Sennrich et al. 2016): merges the neighbouring pair of the lowest rank, the leftmost of
 * equal ones, until none is left. In n log n steps, so that a "word" of a million letters is no trap.
 *
 * @param symbols - the word's symbols, one character each.
 */
export function bytePairParts(symbols: readonly string[], model: BytePairModel): WordPart[] {
  // A doubly linked list over the symbols; merged ones are emptied.
  const parts: string[] = [...symbols];
  const lengths = symbols.map(() => 1);
  const next = symbols.map((_, i) => i + 1);
  const previous = symbols.map((_, i) => i - 1);
  const queue = new CandidateQueue();
  const consider = (left: number): void => {
    const right = next[left] ?? parts.length;
    if (left < 0 || right >= parts.length) return;
    const merged = (parts[left] ?? '') + (parts[right] ?? '');
    const rank = model.ranks.get(`${parts[left] ?? ''} ${parts[right] ?? ''}`);
    if (rank !== undefined) queue.push({ rank, left, merged });
  };
  symbols.forEach((_, i) => consider(i));

  for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
    const { left, merged } = best;
    const right = next[left] ?? parts.length;
    // Stale if either part has been merged since.
    if (parts[left] === '' || right >= parts.length || (parts[left] ?? '') + (parts[right] ?? '') !== merged)
      continue;
    parts[left] = merged;
    lengths[left] = (lengths[left] ?? 0) + (lengths[right] ?? 0);
    parts[right] = '';
    const after = next[right] ?? parts.length;
    next[left] = after;
    if (after < parts.length) previous[after] = left;
    consider(previous[left] ?? -1);
    consider(left);
  }

  const result: WordPart[] = [];
  for (let i = 0; i < parts.length; i = next[i] ?? parts.length) {
    result.push({ id: model.vocabulary.get(parts[i] ?? ''), length: lengths[i] ?? 1 });
  }
  return result;
}

/** A binary heap: lowest rank first, then leftmost. */
class CandidateQueue {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let i = heap.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(candidate, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      const leftChild = heap[child];
      const rightChild = heap[child + 1];
      if (leftChild === undefined) break;
      let smaller = leftChild;
      if (rightChild !== undefined && before(rightChild, leftChild)) {
        smaller = rightChild;
        child++;
      }
      if (!before(smaller, last)) break;
      heap[i] = smaller;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function before(a: Candidate, b: Candidate): boolean {
  return a.rank !== b.rank ? a.rank < b.rank : a.left < b.left;
}

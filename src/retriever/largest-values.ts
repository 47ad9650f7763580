/** Keeps the k largest of many values: a binary heap with the smallest of them on top. */
export class LargestValues {
  readonly #heap: number[] = [];
  readonly #k: number;

  constructor(k: number) {
    this.#k = k;
  }

  /** The k-th largest value so far; 0 while there are fewer. */
  get floor(): number {
    return this.#heap.length < this.#k ? 0 : (this.#heap[0] ?? 0);
  }

  /** Looks at one more value. */
  add(value: number): void {
    const heap = this.#heap;
    if (value <= this.floor) return;
    if (heap.length < this.#k) {
      let i = heap.push(value) - 1;
      for (let parent = (i - 1) >> 1; i > 0 && (heap[parent] ?? 0) > value; parent = (i - 1) >> 1) {
        heap[i] = heap[parent] ?? 0;
        i = parent;
      }
      heap[i] = value;
      return;
    }
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if ((heap[child + 1] ?? Infinity) < (heap[child] ?? Infinity)) child++;
      if ((heap[child] ?? Infinity) >= value) break;
      heap[i] = heap[child] ?? 0;
      i = child;
    }
    heap[i] = value;
  }
}

const FIRST_CAPACITY = 16;

/** A list of integers from 0 to 2^32 − 1 that grows: four bytes each, which the garbage collector does not look at. */
export class NumberList {
  #values = new Uint32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param index - below the length. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** @param index - below the length. */
  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }
}

import { HttpProblem } from '../http/problem.js';

/** Bounds how many requests read at once. The reader has a queue of its own; this one keeps the wait in it short. */
export class ReadingSlots {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  get isFull(): boolean {
    return this.#taken >= this.#limit;
  }

  /** @throws HttpProblem `queue-full`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isFull) {
      throw new HttpProblem(
        'queue-full',
        `The server reads for ${this.#limit} requests already; try again soon.`,
      );
    }
    this.#taken++;
    try {
      return await work();
    } finally {
      this.#taken--;
    }
  }
}

/** Token ids of a text and where each token stands in it. Three lists of one length, in order. */
export interface Encoding {
  readonly ids: Int32Array;
  /** UTF-16 offset of each token's first character. */
  readonly starts: Int32Array;
  /** UTF-16 offset just after each token's last character. */
  readonly ends: Int32Array;
}

/** The special tokens around a pair of texts: `prefix question separator passage suffix`. */
export interface PairTemplate {
  readonly prefix: readonly number[];
  readonly separator: readonly number[];
  readonly suffix: readonly number[];
}

/** Turns text into the ids that a model was trained on, with offsets. */
export interface Tokenizer {
  /** Encodes a text without the special tokens around it. */
  encode(text: string): Encoding;
  readonly pairTemplate: PairTemplate;
  /** The largest id plus one, for checking against the model's embedding table. */
  readonly vocabularySize: number;
}

/** Collects an encoding token by token. */
export class EncodingBuilder {
  readonly #ids: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  add(id: number, start: number, end: number): void {
    this.#ids.push(id);
    this.#starts.push(start);
    this.#ends.push(end);
  }

  build(): Encoding {
    return {
      ids: Int32Array.from(this.#ids),
      starts: Int32Array.from(this.#starts),
      ends: Int32Array.from(this.#ends),
    };
  }
}

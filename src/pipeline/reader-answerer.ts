import { received, requireInteger, VerbatimError } from '../core/errors.js';
import { headingPath, wholePassage, type RetrievedPassage } from '../core/passage.js';
import type { PassageReading, Reader, ReadOptions } from '../reader/types.js';
import { aggregate, DEFAULT_ALTERNATIVES, withLimits } from './aggregate.js';
import { isEnough, PASSAGES_AT_ONCE } from './enough.js';
import type { AggregationProfile, NullScoreProfile } from './profile.js';
import type { AnswerProgress, AnswerResult } from './types.js';

export interface DecideOptions extends ReadOptions {
  /** Decides by the plain rule: an answer is withheld iff null score − span score is greater. @defaultValue the profile's */
  readonly threshold?: number;
  /** Decides by the fusion profile's confidence alone: an answer is withheld iff it is lower, 0 to 1. @defaultValue the profile's limits */
  readonly minConfidence?: number;
  /** How many other answers to return at most. @defaultValue 3 */
  readonly alternatives?: number;
  /** Adds every passage's numbers to the result. @defaultValue false */
  readonly explain?: boolean;
  /** Told of what is known before the result is: passages as they are found and, after each round of reading, as they are read. */
  readonly onProgress?: (progress: AnswerProgress) => void;
  /**
   * Reads a few passages at a time even if all of them will be read, so that progress is told sooner. The result is the same.
   * @defaultValue false: all at once, which keeps every worker busy, unless the profile may find a few to be enough
   */
  readonly inRounds?: boolean;
}

/** One result of any search engine. */
export interface SearchHit {
  readonly id: string;
  /** The text to read; citations' offsets index it. */
  readonly text: string;
  readonly title?: string;
  readonly uri?: string;
  /** The engine's score. @defaultValue 0 */
  readonly score?: number;
}

/** Reader and aggregator: answers from passages that something else found. */
export interface Answerer {
  answerFromPassages(
    question: string,
    passages: readonly RetrievedPassage[],
    options?: DecideOptions,
  ): Promise<AnswerResult>;
  answerFromHits(
    question: string,
    hits: readonly SearchHit[],
    options?: DecideOptions,
  ): Promise<AnswerResult>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Reads passages, each with its headings above it. */
export async function readPassages(
  reader: Reader,
  question: string,
  passages: readonly RetrievedPassage[],
  options?: ReadOptions,
): Promise<PassageReading<RetrievedPassage>[]> {
  const readable = passages.map((passage) => ({ ...passage, preamble: headingPath(passage).join('. ') }));
  return reader.read(question, readable, options);
}

/** What decides, and the plain rule that a threshold asks for. */
export interface Rules {
  readonly profile: AggregationProfile;
  readonly plain: NullScoreProfile;
}

/** Reads what it is given and decides. */
export class ReaderAnswerer implements Answerer {
  readonly #reader: Reader;
  readonly #rules: Rules;
  readonly #ownsReader: boolean;

  /** @param ownsReader - whether the reader is closed with it. */
  constructor(reader: Reader, rules: Rules, ownsReader: boolean) {
    this.#reader = reader;
    this.#rules = rules;
    this.#ownsReader = ownsReader;
  }

  async answerFromPassages(
    question: string,
    passages: readonly RetrievedPassage[],
    options: DecideOptions = {},
  ): Promise<AnswerResult> {
    const profile = withLimits(this.#rules.profile, this.#rules.plain, options);
    const alternatives = requireInteger('alternatives', options.alternatives ?? DEFAULT_ALTERNATIVES, 0);
    const readings = await this.#read(question, passages, profile, options);
    return aggregate(readings, profile, { question, alternatives, explain: options.explain ?? false });
  }

  /** Reads the passages; with a profile that says what is enough, a few at a time, best first, until it is. */
  async #read(
    question: string,
    passages: readonly RetrievedPassage[],
    profile: AggregationProfile,
    { onProgress, inRounds = false, ...options }: DecideOptions,
  ): Promise<PassageReading<RetrievedPassage>[]> {
    const read = async (round: readonly RetrievedPassage[]): Promise<PassageReading<RetrievedPassage>[]> => {
      const readings = await readPassages(this.#reader, question, round, options);
      for (const reading of readings) onProgress?.({ stage: 'read', reading });
      return readings;
    };
    const mayBeEnough = profile.aggregation === 'fusion' && profile.enoughScores !== undefined;
    if (!mayBeEnough && !inRounds) return read(passages);
    const readings: PassageReading<RetrievedPassage>[] = [];
    for (let next = 0; next < passages.length; next += PASSAGES_AT_ONCE) {
      readings.push(...(await read(passages.slice(next, next + PASSAGES_AT_ONCE))));
      if (mayBeEnough && isEnough(question, readings, profile)) break;
    }
    return readings;
  }

  async answerFromHits(
    question: string,
    hits: readonly SearchHit[],
    options?: DecideOptions,
  ): Promise<AnswerResult> {
    return this.answerFromPassages(question, hits.map(passageOfHit), options);
  }

  async close(): Promise<void> {
    if (this.#ownsReader) await this.#reader.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function passageOfHit(hit: SearchHit, index: number): RetrievedPassage {
  if (typeof hit.text !== 'string') {
    throw new VerbatimError(
      'invalid-option',
      `Expected a text in hit ${received(hit.id)}, got ${received(hit.text)}.`,
    );
  }
  const { id, text, title = '', uri = '', score = 0 } = hit;
  return { ...wholePassage(id, text, { title, uri }), score, rank: index + 1 };
}

import { received, requireInteger, VerbatimError } from '../core/errors.js';
import { headingPath, wholePassage, type RetrievedPassage } from '../core/passage.js';
import {
  loadReader,
  type LoadReaderOptions,
  type PassageReading,
  type Reader,
  type ReadOptions,
} from '../reader/index.js';
import { aggregate, DEFAULT_ALTERNATIVES, isEnough, withLimits } from './aggregate.js';
import { profileOf, readProfile, type AggregationProfile } from './profile.js';
import type { AnswerResult } from './types.js';

export interface AnswererOptions extends LoadReaderOptions {
  /** A reader of one's own, with its profile; then `model` is not loaded. The caller closes it. */
  readonly reader?: Reader;
  /** How readings become a decision: a profile, or a file that `verbatim tune` wrote. @defaultValue the model's */
  readonly profile?: AggregationProfile | string;
}

export interface DecideOptions extends ReadOptions {
  /** An answer is withheld iff null score − span score is greater. @defaultValue the profile's */
  readonly threshold?: number;
  /** With a fusion profile: an answer is withheld iff its confidence is lower, 0 to 1. @defaultValue the profile's */
  readonly minConfidence?: number;
  /** How many other answers to return at most. @defaultValue 3 */
  readonly alternatives?: number;
  /** Adds every passage's numbers to the result. @defaultValue false */
  readonly explain?: boolean;
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

/**
 * Loads a reader and puts the aggregator behind it.
 *
 * @throws VerbatimError `model-not-found`, `model-damaged`, `model-unsupported`, `invalid-option`.
 */
export async function createAnswerer(options: AnswererOptions = {}): Promise<Answerer> {
  if (options.reader !== undefined) {
    if (typeof options.profile !== 'object') {
      throw new VerbatimError(
        'invalid-option',
        `Expected a profile beside the reader: it says when not to answer; got ${received(options.profile)}.`,
      );
    }
    return new ReaderAnswerer(options.reader, options.profile, false);
  }
  const { reader, manifest } = await loadReader(options);
  try {
    const profile =
      typeof options.profile === 'string' ? await readProfile(options.profile, manifest) : options.profile;
    return new ReaderAnswerer(reader, profile ?? profileOf(manifest), true);
  } catch (error) {
    await reader.close();
    throw error;
  }
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

/** Passages read before it is asked whether they are enough; the same on every machine, so that answers are. */
export const PASSAGES_AT_ONCE = 2;

class ReaderAnswerer implements Answerer {
  readonly #reader: Reader;
  readonly #profile: AggregationProfile;
  readonly #ownsReader: boolean;

  constructor(reader: Reader, profile: AggregationProfile, ownsReader: boolean) {
    this.#reader = reader;
    this.#profile = profile;
    this.#ownsReader = ownsReader;
  }

  async answerFromPassages(
    question: string,
    passages: readonly RetrievedPassage[],
    options: DecideOptions = {},
  ): Promise<AnswerResult> {
    const profile = withLimits(this.#profile, options);
    const alternatives = requireInteger('alternatives', options.alternatives ?? DEFAULT_ALTERNATIVES, 0);
    const readings = await this.#read(question, passages, profile, options);
    return aggregate(readings, profile, { question, alternatives, explain: options.explain ?? false });
  }

  /** Reads the passages; with a profile that says what is enough, a few at a time, best first, until it is. */
  async #read(
    question: string,
    passages: readonly RetrievedPassage[],
    profile: AggregationProfile,
    options: ReadOptions,
  ): Promise<PassageReading<RetrievedPassage>[]> {
    if (profile.aggregation === 'null-score' || profile.enoughScore === undefined) {
      return readPassages(this.#reader, question, passages, options);
    }
    const readings: PassageReading<RetrievedPassage>[] = [];
    for (let next = 0; next < passages.length; next += PASSAGES_AT_ONCE) {
      const round = passages.slice(next, next + PASSAGES_AT_ONCE);
      readings.push(...(await readPassages(this.#reader, question, round, options)));
      if (isEnough(question, readings, profile)) break;
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

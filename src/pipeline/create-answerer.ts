import { received, requireInteger, requireNumber, VerbatimError } from '../core/errors.js';
import { headingPath, wholePassage, type RetrievedPassage } from '../core/passage.js';
import {
  loadReader,
  type LoadReaderOptions,
  type ModelManifest,
  type Reader,
  type ReadOptions,
} from '../reader/index.js';
import { aggregate, DEFAULT_ALTERNATIVES, type AggregationProfile } from './aggregate.js';
import type { AnswerResult } from './types.js';

export interface AnswererOptions extends LoadReaderOptions {
  /** A reader of one's own, with its profile; then `model` is not loaded. The caller closes it. */
  readonly reader?: Reader;
  /** How readings become a decision. @defaultValue the model's */
  readonly profile?: AggregationProfile;
}

export interface DecideOptions extends ReadOptions {
  /** An answer is withheld iff null score − span score is greater. @defaultValue the profile's */
  readonly threshold?: number;
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
    if (options.profile === undefined) {
      throw new VerbatimError(
        'invalid-option',
        'Expected a profile beside the reader: it says when not to answer; got none.',
      );
    }
    return new ReaderAnswerer(options.reader, options.profile, false);
  }
  const { reader, manifest } = await loadReader(options);
  return new ReaderAnswerer(reader, options.profile ?? profileOf(manifest), true);
}

/** For models whose confidence nobody has fitted: FARM's expit(margin / 8), which is no calibrated probability. */
const UNCALIBRATED = Object.freeze({ slope: 1 / 8, intercept: 0 });

/** What a model's manifest says; without a threshold, run_qa's default of 0. */
export function profileOf({ nullScoreDifferenceThreshold, calibration }: ModelManifest): AggregationProfile {
  return { threshold: nullScoreDifferenceThreshold?.value ?? 0, calibration: calibration ?? UNCALIBRATED };
}

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
    const threshold = requireNumber('threshold', options.threshold ?? this.#profile.threshold);
    const alternatives = requireInteger('alternatives', options.alternatives ?? DEFAULT_ALTERNATIVES, 0);
    const readable = passages.map((passage) => ({ ...passage, preamble: headingPath(passage).join('. ') }));
    const readings = await this.#reader.read(question, readable, options);
    return aggregate(
      readings,
      { ...this.#profile, threshold },
      { alternatives, explain: options.explain ?? false },
    );
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

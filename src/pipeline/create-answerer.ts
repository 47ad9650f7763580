import { existsSync } from 'node:fs';
import path from 'node:path';
import { received, VerbatimError } from '../core/errors.js';
import { loadReader, type LoadedReader, type LoadReaderOptions, type Reader } from '../reader/index.js';
import { PROFILE_FILE, profileOf, type AggregationProfile } from './profile.js';
import { readProfile } from './read-profile.js';
import { ReaderAnswerer, type Answerer, type Rules } from './reader-answerer.js';

export interface AnswererOptions extends LoadReaderOptions {
  /**
   * A reader of one's own, with its profile, or one that `loadReader` loaded, to be used by several; then `model` is not loaded. The
   * caller closes it.
   */
  readonly reader?: Reader | LoadedReader;
  /** How readings become a decision: a profile, or a file that `verbatim tune` wrote. */
  readonly profile?: AggregationProfile | string;
  /**
   * Where no profile is given: `fusion` takes the one in the model's folder, `null-score` the plain rule with the threshold of
   * the model's manifest. @defaultValue fusion if the model has a profile and the embedded BM25 finds the passages, to which it
   * was fitted; else null-score: the scores of another engine mean something else
   */
  readonly aggregation?: 'fusion' | 'null-score';
}

/**
 * Loads a reader and puts the aggregator behind it.
 *
 * @throws VerbatimError `model-not-found`, `model-damaged`, `model-unsupported`, `invalid-option`.
 */
export async function createAnswerer(options: AnswererOptions = {}): Promise<Answerer> {
  return createAnswererBehind('another engine', options);
}

/** What finds the passages that an answerer is given. */
export type PassageSource = 'embedded BM25' | 'another engine';

/** The same with the model's own profile where it fits what finds the passages. */
export async function createAnswererBehind(
  source: PassageSource,
  options: AnswererOptions,
): Promise<Answerer> {
  const { reader } = options;
  if (reader !== undefined) {
    if ('manifest' in reader) {
      return new ReaderAnswerer(reader.reader, await rulesOf(source, options, reader), false);
    }
    if (typeof options.profile !== 'object') {
      throw new VerbatimError(
        'invalid-option',
        `Expected a profile beside the reader: it says when not to answer; got ${received(options.profile)}.`,
      );
    }
    return new ReaderAnswerer(reader, { profile: options.profile, plain: profileOf({}) }, false);
  }
  const loaded = await loadReader(options);
  try {
    return new ReaderAnswerer(loaded.reader, await rulesOf(source, options, loaded), true);
  } catch (error) {
    await loaded.reader.close();
    throw error;
  }
}

/** How the readings of a loaded reader become a decision. */
export async function rulesOf(
  source: PassageSource,
  options: Pick<AnswererOptions, 'profile' | 'aggregation'>,
  loaded: Pick<LoadedReader, 'manifest' | 'folder'>,
): Promise<Rules> {
  return { profile: await chooseProfile(source, options, loaded), plain: profileOf(loaded.manifest) };
}

async function chooseProfile(
  source: PassageSource,
  { profile, aggregation }: Pick<AnswererOptions, 'profile' | 'aggregation'>,
  { manifest, folder }: Pick<LoadedReader, 'manifest' | 'folder'>,
): Promise<AggregationProfile> {
  if (typeof profile === 'object') return profile;
  if (profile !== undefined) return readProfile(profile, manifest);
  const file = path.join(folder, PROFILE_FILE);
  const fits = source === 'embedded BM25' && existsSync(file);
  return (aggregation ?? (fits ? 'fusion' : 'null-score')) === 'fusion'
    ? readProfile(file, manifest)
    : profileOf(manifest);
}

import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import { HubClient, type HubOptions, type RemoteFile } from './hub-client.js';
import { catalogueRow } from './model-catalogue.js';
import { WEIGHT_FILES, type Dtype, type ModelManifest } from './model-layout.js';
import { readManifest, writeManifest } from './model-manifest.js';
import {
  exportHint,
  requireModelId,
  requireRevision,
  requireSafeFile,
  weightCandidates,
} from './model-names.js';
import {
  describeFolder,
  exists,
  fingerprint,
  installedFolder,
  makeFolder,
  partialFolder,
  place,
  readJson,
  requireFreePlace,
  withModelLock,
  type FileFingerprint,
} from './model-staging.js';
import { dtypesOf, type InstalledModel } from './model-store.js';

export interface PullOptions extends HubOptions {
  /** Folder of the store. */
  readonly store: string;
  /** Number format of the weights to fetch. @defaultValue 'q8' */
  readonly dtype?: Dtype;
  /** Branch, tag or commit. @defaultValue the catalogue's, or else 'main' */
  readonly revision?: string;
  /** Path of the ONNX file in the repository. @defaultValue the usual names for the dtype */
  readonly weights?: string;
  /** Called as bytes of a file arrive; the total is null where the server does not announce it. */
  readonly onProgress?: (file: string, received: number, total: number | null) => void;
}

/** An installed model and what pulling it took. */
export interface PulledModel extends InstalledModel {
  /** Files that were fetched; none if the model was up to date. */
  readonly fetched: readonly string[];
}

/** Configuration and tokenizers; the largest known are about 17 MB. */
const MAX_JSON_BYTES = 64 * 2 ** 20;
/** A protocol buffer, which an ONNX file is, holds no more. */
const MAX_ONNX_BYTES = 2 ** 31;

/**
 * Installs a model from the hub, or adds weights in another number format to an installed one. Files are checked against
 * the sizes and checksums that the hub announces. What an interrupted pull has fetched is not fetched again; until
 * everything is there and checked, nothing is installed.
 *
 * @throws VerbatimError `invalid-option`, `model-unsafe-format` (before anything is requested), `model-access-denied`,
 * `model-not-found`, `model-unsupported`, `download-failed`, `file-unwritable`, `model-busy`; the signal's reason if aborted.
 */
export async function pullModel(id: string, options: PullOptions): Promise<PulledModel> {
  requireModelId(id);
  const dtype = options.dtype ?? 'q8';
  const weights = options.weights === undefined ? weightCandidates(dtype) : [options.weights];
  for (const file of weights) requireWeights(file, id);
  const row = catalogueRow(id);
  const revision = requireRevision(options.revision ?? row?.revision ?? 'main');
  const hub = new HubClient(options);
  return withModelLock(options.store, id, async () => {
    await requireFreePlace(options.store, id);
    const pull = new Pull(id, hub, row?.onnx?.repository ?? id, options);
    return pull.run(dtype, weights, revision);
  });
}

function requireWeights(file: string, id: string): void {
  requireSafeFile(file, id);
  if (path.extname(file).toLowerCase() !== '.onnx') {
    throw new VerbatimError('invalid-option', `Expected weights to be an .onnx file, got ${received(file)}.`);
  }
}

/** One pull of one model. */
class Pull {
  readonly #id: string;
  readonly #hub: HubClient;
  readonly #repository: string;
  readonly #options: PullOptions;
  /** Files fetched so far, by their path inside the model. */
  readonly #files: Record<string, FileFingerprint> = {};

  constructor(id: string, hub: HubClient, repository: string, options: PullOptions) {
    this.#id = id;
    this.#hub = hub;
    this.#repository = repository;
    this.#options = options;
  }

  async run(dtype: Dtype, weights: readonly string[], asked: string): Promise<PulledModel> {
    const { store } = this.#options;
    const source = this.#hub.repositoryUrl(this.#repository);
    const installed = await this.#installed();
    if (installed !== undefined && installed.source !== source) {
      throw new VerbatimError(
        'model-exists',
        `${this.#id} is installed from ${installed.source}; \`verbatim models remove ${this.#id}\` makes room for another.`,
      );
    }
    const config = await this.#require('config.json', ['config.json'], asked);
    // From here on everything comes from one commit, whatever happens to the branch meanwhile.
    const revision = config.commit ?? asked;
    const same = installed?.revision === revision;
    if (same && WEIGHT_FILES[dtype] in installed.files && this.#options.weights === undefined) {
      const folder = installedFolder(store, this.#id);
      return { id: this.#id, folder, dtypes: dtypesOf(installed), manifest: installed, fetched: [] };
    }

    const staged = await Staged.open(partialFolder(store, this.#id), `${source}@${revision}`);
    await this.#fetch('config.json', config, staged);
    // Before anything large is fetched: is this a question-answering model at all?
    await describeFolder(staged.folder, this.#id);
    const tokenizer = await this.#require('tokenizer.json', ['tokenizer.json'], revision);
    await this.#fetch('tokenizer.json', tokenizer, staged);
    const tokenizerConfig = await this.#hub.describe(this.#repository, revision, 'tokenizer_config.json');
    if (tokenizerConfig !== null) await this.#fetch('tokenizer_config.json', tokenizerConfig, staged);
    const network = await this.#require(WEIGHT_FILES[dtype], weights, revision);
    await this.#fetch(WEIGHT_FILES[dtype], network, staged);
    // No number format is lost: another commit's are fetched anew, the same commit's are kept.
    for (const other of installed === undefined || same ? [] : dtypesOf(installed)) {
      if (other === dtype) continue;
      const file = await this.#require(WEIGHT_FILES[other], weightCandidates(other), revision);
      await this.#fetch(WEIGHT_FILES[other], file, staged);
    }

    const fetched = Object.keys(this.#files);
    const kept = same ? await this.#keep(installed, staged) : {};
    const manifest: ModelManifest = {
      format: 1,
      id: this.#id,
      revision,
      licence: catalogueRow(this.#id)?.licence ?? 'not stated',
      source,
      ...(await describeFolder(staged.folder, this.#id)),
      ...kept,
      files: { ...kept.files, ...this.#files },
    };
    const folder = await staged.install(manifest, store, this.#id);
    return { id: this.#id, folder, dtypes: dtypesOf(manifest), manifest, fetched };
  }

  async #installed(): Promise<ModelManifest | undefined> {
    const folder = installedFolder(this.#options.store, this.#id);
    return (await exists(`${folder}/manifest.json`)) ? readManifest(folder) : undefined;
  }

  /** The first of these files that the repository has. */
  async #require(file: string, candidates: readonly string[], revision: string): Promise<RemoteFile> {
    for (const candidate of candidates) {
      const remote = await this.#hub.describe(this.#repository, revision, candidate);
      if (remote !== null) return remote;
    }
    const known = file.endsWith('.onnx') ? catalogueRow(this.#id)?.onnx?.dtypes : undefined;
    throw new VerbatimError(
      'model-not-found',
      file === 'config.json'
        ? `${this.#hub.repositoryUrl(this.#repository)} is no model, or has no config.json at revision ${revision}.`
        : `${this.#repository} has no ${candidates.join(' and no ')} at revision ${revision}` +
            `${known === undefined ? '' : ` (known to be there: ${known.join(', ')})`}; ${exportHint(this.#id)}.`,
    );
  }

  /** Fetches a file into the staged folder and checks it. */
  async #fetch(file: string, remote: RemoteFile, staged: Staged): Promise<void> {
    requireSafeFile(file, this.#id);
    const target = await staged.begin(file, remote.etag);
    const { onProgress } = this.#options;
    const download = async (): Promise<FileFingerprint> => {
      await this.#hub.download(remote, target, {
        limit: file.endsWith('.json') ? MAX_JSON_BYTES : MAX_ONNX_BYTES,
        onProgress: (done, total) => onProgress?.(file, done, total),
      });
      return fingerprint(target);
    };
    let found = await download();
    if (remote.sha256 !== null && found.sha256 !== remote.sha256) {
      // A part from an earlier try may be what is damaged: once more, from the start.
      await rm(target);
      found = await download();
    }
    if (remote.sha256 !== null && found.sha256 !== remote.sha256) {
      await rm(target);
      throw new VerbatimError(
        'download-failed',
        `${remote.url.href} arrived damaged twice: its SHA-256 is ${found.sha256}, the hub announces ${remote.sha256}.`,
      );
    }
    if (found.bytes === 0) throw new VerbatimError('download-failed', `${remote.url.href} is empty.`);
    if (file.endsWith('.json')) {
      await readJson(target, z.unknown()).catch(async (error: unknown) => {
        await rm(target);
        throw error;
      });
    }
    this.#files[file] = found;
  }

  /** Copies the installed files that were not fetched; a threshold fitted on this commit goes on holding. */
  async #keep(installed: ModelManifest, staged: Staged): Promise<Partial<ModelManifest>> {
    const files: Record<string, FileFingerprint> = {};
    for (const [file, print] of Object.entries(installed.files)) {
      if (file in this.#files) continue;
      const target = await staged.begin(requireSafeFile(file, this.#id), null);
      await copyFile(path.join(installedFolder(this.#options.store, this.#id), file), target);
      files[file] = print;
    }
    const { nullScoreDifferenceThreshold: threshold, calibration } = installed;
    return {
      files,
      ...(threshold === undefined ? {} : { nullScoreDifferenceThreshold: threshold }),
      ...(calibration === undefined ? {} : { calibration }),
    };
  }
}

const stateSchema = z.object({ source: z.string(), etags: z.record(z.string(), z.string()) });

/** In the folder of an unfinished download: which version of each file it holds a part of. */
const STATE_FILE = '.pull.json';

/** The folder of an unfinished download. */
class Staged {
  readonly folder: string;
  readonly #source: string;
  readonly #etags: Record<string, string>;

  private constructor(folder: string, source: string, etags: Record<string, string>) {
    this.folder = folder;
    this.#source = source;
    this.#etags = etags;
  }

  /** Goes on with what is there if it comes from the same commit of the same repository. */
  static async open(folder: string, source: string): Promise<Staged> {
    const state = await readJson(path.join(folder, STATE_FILE), stateSchema).catch(() => undefined);
    if (state?.source !== source) await rm(folder, { recursive: true, force: true });
    await makeFolder(folder);
    return new Staged(folder, source, state?.source === source ? { ...state.etags } : {});
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  /** Path to write a file to; a part of another version of it is deleted. */
  async begin(file: string, etag: string | null): Promise<string> {
    const target = this.path(file);
    if (etag === null || this.#etags[file] !== etag) {
      await rm(target, { force: true });
      this.#etags[file] = etag ?? '';
      const state = this.path(STATE_FILE);
      await writeFile(`${state}.tmp`, JSON.stringify({ source: this.#source, etags: this.#etags }));
      await rename(`${state}.tmp`, state);
    }
    await mkdir(path.dirname(target), { recursive: true });
    return target;
  }

  /** Deletes what the manifest does not list, and moves the folder to its place. */
  async install(manifest: ModelManifest, store: string, id: string): Promise<string> {
    for (const file of await readdir(this.folder, { recursive: true, withFileTypes: true })) {
      const full = path.join(file.parentPath, file.name);
      const name = path.relative(this.folder, full).split(path.sep).join('/');
      if (file.isFile() && name !== STATE_FILE && !(name in manifest.files)) await rm(full);
    }
    await writeManifest(this.folder, manifest);
    const folder = await place(this.folder, store, id);
    await rm(path.join(folder, STATE_FILE), { force: true });
    return folder;
  }
}

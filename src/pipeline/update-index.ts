import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { SourceDocument } from '../core/document.js';
import { VerbatimError } from '../core/errors.js';
import {
  corpusEmpty,
  listCorpusFiles,
  readCorpusFile,
  type CorpusFile,
  type CorpusOptions,
} from '../ingest/index.js';
import type { ChangeSummary, KnowledgeBase } from '../retriever/index.js';

/** Characters of documents that are put in with one transaction: bounds the memory of a large file. */
const CHARACTERS_AT_ONCE = 4_000_000;

export interface UpdateIndexOptions extends CorpusOptions {
  /** Whether documents stay that came from files which are not among the paths. @defaultValue false */
  readonly keepOthers?: boolean;
  /** Told of every file, line or row that could not be read. What an earlier version of the file gave then stays. */
  readonly onProblem?: (problem: VerbatimError) => void;
}

export interface IndexUpdate extends ChangeSummary {
  /** Files found. */
  readonly files: number;
  /** Of them, those whose content is what it was; they were not read again. */
  readonly unchangedFiles: number;
}

/**
 * Brings a knowledge base to what files and folders hold now: only files whose content has changed are read, only documents that have
 * changed are indexed, and those whose file is gone are removed. Documents that were not put in from files stay.
 *
 * What was done when it ends early, by an error or the signal, stays done; the next run goes on from there.
 *
 * @throws VerbatimError as `listCorpusFiles` and {@link KnowledgeBase.apply}; `corpus-empty` if there is no file at all, rather than
 * removing everything: more likely a disk is missing; the signal's reason once it is aborted.
 */
export async function updateIndex(
  knowledgeBase: KnowledgeBase,
  paths: readonly string[],
  options: UpdateIndexOptions = {},
): Promise<IndexUpdate> {
  const files = await listCorpusFiles(paths, options);
  if (files.length === 0) throw corpusEmpty(paths);
  const known = await knowledgeBase.sources();
  const writer = new BatchWriter(knowledgeBase);
  let unchangedFiles = 0;
  let done = 0;
  for (const file of files) {
    options.signal?.throwIfAborted();
    try {
      const hash = await hashOf(file);
      if (known.get(file.id) === hash) unchangedFiles++;
      else await readInto(writer, file, hash, options);
    } catch (error) {
      if (!VerbatimError.isInstance(error) || !error.code.startsWith('file-')) throw error;
      options.onProblem?.(error);
    }
    options.onProgress?.(++done, files.length);
  }
  if (options.keepOthers !== true) {
    const present = new Set(files.map(({ id }) => id));
    for (const source of known.keys()) {
      if (present.has(source)) continue;
      writer.remove(await knowledgeBase.documentsOf(source));
      writer.settle(source, null);
    }
  }
  await writer.flush();
  return { ...writer.summary, files: files.length, unchangedFiles };
}

async function readInto(
  writer: BatchWriter,
  file: CorpusFile,
  hash: string,
  { onProblem, signal, maxFileBytes }: UpdateIndexOptions,
): Promise<void> {
  const ids = new Set<string>();
  const leftOut: VerbatimError[] = [];
  const documents = readCorpusFile(file, {
    ...(signal === undefined ? {} : { signal }),
    ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
    onProblem: (problem) => {
      leftOut.push(problem);
      onProblem?.(problem);
    },
  });
  for await (const document of documents) {
    ids.add(document.id);
    await writer.upsert(document, file.id);
  }
  // A file with a part that could not be read is looked at again the next time, and what it gave before is not taken for gone.
  if (leftOut.length > 0) return;
  await writer.removeOthers(file.id, ids);
  writer.settle(file.id, hash);
}

async function hashOf({ file }: CorpusFile): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new VerbatimError('file-unreadable', `Cannot read ${JSON.stringify(file)}: ${code}.`, error);
  }
  return hash.digest('base64url');
}

/** Gathers changes and makes them many at a time. */
class BatchWriter {
  readonly #knowledgeBase: KnowledgeBase;
  #documents: { readonly document: SourceDocument; readonly source: string }[] = [];
  #gone: string[] = [];
  #sources = new Map<string, string | null>();
  #characters = 0;
  readonly #counts = { added: 0, changed: 0, removed: 0, unchanged: 0 };

  constructor(knowledgeBase: KnowledgeBase) {
    this.#knowledgeBase = knowledgeBase;
  }

  get summary(): ChangeSummary {
    return this.#counts;
  }

  async upsert(document: SourceDocument, source: string): Promise<void> {
    this.#documents.push({ document, source });
    this.#characters += document.text.length;
    if (this.#characters >= CHARACTERS_AT_ONCE) await this.flush();
  }

  remove(ids: readonly string[]): void {
    this.#gone.push(...ids);
  }

  /** Removes what a file gave before and gives no longer. */
  async removeOthers(source: string, ids: ReadonlySet<string>): Promise<void> {
    const before = await this.#knowledgeBase.documentsOf(source);
    this.#gone.push(...before.filter((id) => !ids.has(id)));
  }

  /** Notes the hash of a file that is wholly in, or forgets one that is gone, with the next transaction. */
  settle(source: string, hash: string | null): void {
    this.#sources.set(source, hash);
  }

  async flush(): Promise<void> {
    if (this.#documents.length + this.#gone.length + this.#sources.size === 0) return;
    const sourceOf = new Map(this.#documents.map(({ document, source }) => [document, source]));
    const summary = await this.#knowledgeBase.apply({
      upsert: sourceOf.keys(),
      sourceOf: (document) => sourceOf.get(document) ?? document.id,
      remove: this.#gone,
      sources: this.#sources,
    });
    this.#counts.added += summary.added;
    this.#counts.changed += summary.changed;
    this.#counts.removed += summary.removed;
    this.#counts.unchanged += summary.unchanged;
    this.#documents = [];
    this.#gone = [];
    this.#sources = new Map();
    this.#characters = 0;
  }
}

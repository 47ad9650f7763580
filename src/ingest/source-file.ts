import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { VerbatimError } from '../core/errors.js';
import type { DocumentIdentity } from './document-builder.js';
import { pathError } from './path-error.js';
import { quotePath } from './quote-path.js';

const CHUNK_BYTES = 1 << 16;

/** An open file as the loaders see it. */
export interface SourceFile {
  /** Path, for errors. */
  readonly path: string;
  /** Of the file's document; of a file with many, what theirs begin with. */
  readonly identity: DocumentIdentity;
  /** True if the file was named itself, not found in a folder. */
  readonly named: boolean;
  /** Most bytes of a file read as a whole, and of one record of a streamed file. */
  readonly maxFileBytes: number;
  /** Told of every record that is left out. */
  readonly onProblem: (problem: VerbatimError) => void;
  readonly signal: AbortSignal | undefined;
  /** The file's bytes from where it was last read, piece by piece. */
  chunks(): AsyncIterable<Uint8Array>;
  /**
   * The whole file.
   *
   * @throws VerbatimError `file-too-large` if it is longer than `maxFileBytes`.
   */
  bytes(): Promise<Uint8Array>;
}

/** What distinguishes one source file from another; the rest comes from the file system. */
export type SourceFileOptions = Omit<SourceFile, 'chunks' | 'bytes'>;

/**
 * Opens a file for reading while `use` runs.
 *
 * @throws VerbatimError `path-not-found`, `file-unreadable`.
 */
export async function* withSourceFile<T>(
  options: SourceFileOptions,
  use: (file: SourceFile) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const { path, named, maxFileBytes, signal } = options;
  // A file that was listed may have become a link to somewhere else; one that was named is what its name says.
  const flags = named ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NOFOLLOW;
  const handle = await open(path, flags).catch((error: unknown) => {
    throw pathError(path, error);
  });
  const chunks = (): AsyncGenerator<Uint8Array, void, undefined> => readChunks(handle, path, signal);
  try {
    yield* use({ ...options, chunks, bytes: () => readWhole(handle, chunks(), path, maxFileBytes) });
  } finally {
    await handle.close();
  }
}

async function* readChunks(
  handle: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES).catch((error: unknown) => {
      throw pathError(path, error);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function readWhole(
  handle: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  maxFileBytes: number,
): Promise<Uint8Array> {
  let { size } = await handle.stat();
  if (size > maxFileBytes) throw tooLarge(path, size, maxFileBytes);
  const parts: Uint8Array[] = [];
  size = 0;
  for await (const part of chunks) {
    // The file may have grown since.
    size += part.length;
    if (size > maxFileBytes) throw tooLarge(path, size, maxFileBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(path: string, size: number, maxFileBytes: number): VerbatimError {
  return new VerbatimError(
    'file-too-large',
    `Expected ${quotePath(path)} to have at most ${maxFileBytes} bytes (option maxFileBytes), got ${size}.`,
  );
}

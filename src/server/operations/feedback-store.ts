import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { received, VerbatimError } from '../../core/errors.js';
import { pathError } from '../../ingest/index.js';
import type { Feedback, FeedbackSink } from '../deps.js';

const citationSchema = z.object({
  documentId: z.string(),
  title: z.string(),
  start: z.int().min(0),
  end: z.int().min(0),
  quote: z.string(),
  sentence: z.object({ start: z.int().min(0), end: z.int().min(0), text: z.string() }),
});

const candidateSchema = z.object({ citations: z.array(citationSchema) });

/** What an export needs of a verdict; the lines hold more. */
const lineSchema = z.object({
  answerId: z.string(),
  verdict: z.enum(['right', 'wrong']),
  correctAnswer: z.string().optional(),
  question: z.string(),
  result: z.discriminatedUnion('kind', [
    candidateSchema.extend({ kind: z.literal('answer'), alternatives: z.array(candidateSchema) }),
    z.object({ kind: z.literal('no-answer'), bestRejected: candidateSchema.nullable() }),
  ]),
});

export type StoredFeedback = z.infer<typeof lineSchema>;
export type StoredCitation = z.infer<typeof citationSchema>;

const LINE_BREAK = 0x0a;

/**
 * Verdicts in a file, one line of JSON each. Lines are only ever added, and are on disk before they are acknowledged: whatever happens
 * to this process, only a line that nobody was told of can be cut off.
 */
export class FeedbackStore implements FeedbackSink {
  readonly #file: string;
  readonly #handle: FileHandle;
  /** Whether the file may end within a line, which the next one must not go on. */
  #isCut: boolean;
  /** The last write: they are made one after another. */
  #last: Promise<void> = Promise.resolve();

  private constructor(file: string, handle: FileHandle, isCut: boolean) {
    this.#file = file;
    this.#handle = handle;
    this.#isCut = isCut;
  }

  /** Opens the file; makes it, for this user alone, if there is none. @throws VerbatimError `file-unwritable`. */
  static async open(file: string): Promise<FeedbackStore> {
    try {
      const handle = await open(file, 'a+', 0o600);
      return new FeedbackStore(file, handle, await endsWithinLine(handle));
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /** @throws VerbatimError `file-unwritable`. */
  async add(feedback: Feedback): Promise<void> {
    const written = this.#last.then(() => this.#write(feedback));
    // One that fails must not fail the next.
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(feedback: Feedback): Promise<void> {
    const line = `${this.#isCut ? '\n' : ''}${JSON.stringify(feedback)}\n`;
    try {
      this.#isCut = true;
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
      this.#isCut = false;
    } catch (error) {
      throw unwritable(this.#file, error);
    }
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#last;
    await this.#handle.close();
  }
}

async function endsWithinLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== LINE_BREAK;
}

/**
 * Reads the verdicts of a file in the order in which they came.
 *
 * @returns with how many lines were passed over: those that a crash cut off.
 * @throws VerbatimError `path-not-found`, `file-unreadable`.
 */
export async function readFeedback(
  file: string,
): Promise<{ readonly feedback: readonly StoredFeedback[]; readonly damaged: number }> {
  const feedback: StoredFeedback[] = [];
  let damaged = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (line === '') continue;
      const parsed = parseLine(line);
      if (parsed === undefined) damaged++;
      else feedback.push(parsed);
    }
  } catch (error) {
    throw pathError(file, error);
  }
  return { feedback, damaged };
}

function parseLine(line: string): StoredFeedback | undefined {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function unwritable(file: string, error: unknown): VerbatimError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new VerbatimError('file-unwritable', `Cannot write ${received(file)}: ${code}.`, error);
}

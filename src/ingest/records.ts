import { z } from 'zod';
import type { Block, SourceDocument } from '../core/document.js';
import { received, VerbatimError } from '../core/errors.js';
import type { DocumentIdentity } from './document-builder.js';
import { readMetadata } from './metadata.js';
import { splitParagraphs } from './paragraphs.js';
import { quotePath } from './quote-path.js';
import type { SourceFile } from './source-file.js';

const filled = z.string().refine((text) => text.trim() !== '', 'expected some text, got none');

const commonFields = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  title: z.string().nullish(),
  uri: z.string().nullish(),
  tags: z.union([z.array(z.string()), z.string()]).nullish(),
  date: z.string().nullish(),
});
const textFields = commonFields.extend({ text: filled });
const faqFields = commonFields.extend({ question: filled, answer: filled });

type CommonFields = z.infer<typeof commonFields>;

/** Where one of a file's many documents stands. */
export interface RecordPlace {
  /** For errors: `line 7`. */
  readonly name: string;
  /** What stands for the document's id if it has none. */
  readonly fallbackId: string;
  /** Its first line in the file, where the file has lines. */
  readonly line?: number;
}

/** True for a value that is meant as a document or as a pair of an FAQ list, complete or not. */
export function isRecord(value: unknown): boolean {
  return hasField(value, 'text') || hasField(value, 'question');
}

/**
 * Makes documents of the entries of one file. An entry that is none, and one whose id stands twice, is told to the file's `onProblem`.
 */
export class RecordReader {
  readonly #file: SourceFile;
  readonly #placeOfId = new Map<string, string>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /**
   * The document of an unchecked entry: an object with `text`, or a pair of an FAQ list with `question` and `answer`. Both may give
   * `id`, `title`, `uri`, `tags` (a list, or a string with `;` or `,`) and `date` (ISO 8601, else it is left out).
   */
  read(value: unknown, place: RecordPlace): SourceDocument | undefined {
    return hasField(value, 'question') ? this.readPair(value, place) : this.readText(value, place);
  }

  /** The document of an entry with `text`, which stays as it is, to the character. */
  readText(value: unknown, place: RecordPlace): SourceDocument | undefined {
    const fields = this.#check(textFields, value, place);
    const identity = fields && this.identify(fields, place);
    return identity && document(identity, fields.text, paragraphBlocks(fields.text, 0, []), place);
  }

  /** The document of an FAQ pair. The question is a heading: searched, shown and read with its answer, but never quoted. */
  readPair(value: unknown, place: RecordPlace): SourceDocument | undefined {
    const fields = this.#check(faqFields, value, place);
    if (fields === undefined) return undefined;
    const question = fields.question.trim();
    const identity = this.identify({ ...fields, title: filledOr(fields.title, question) }, place);
    if (identity === undefined) return undefined;
    const heading: Block = { kind: 'heading', headings: [], start: 0, end: question.length };
    const answer = paragraphBlocks(fields.answer, question.length + 2, [question]);
    return document(identity, `${question}\n\n${fields.answer}`, [heading, ...answer], place);
  }

  /** The document of one row of a table, whose text stays together. */
  readRow(text: string, fields: CommonFields, place: RecordPlace): SourceDocument | undefined {
    const identity = this.identify(fields, place);
    if (identity === undefined) return undefined;
    return document(identity, text, [{ kind: 'table-row', headings: [], start: 0, end: text.length }], place);
  }

  /** Claims an entry's id; undefined, after a problem that names both places, if another has it. */
  identify(fields: CommonFields, place: RecordPlace): DocumentIdentity | undefined {
    const own = String(fields.id ?? '').trim();
    const id = own === '' ? place.fallbackId : own;
    const before = this.#placeOfId.get(id);
    if (before !== undefined) {
      this.report(place.name, `the id ${received(id)} stands at ${before} already`);
      return undefined;
    }
    this.#placeOfId.set(id, place.name);
    const { identity } = this.#file;
    const metadata = readMetadata(fields.tags, fields.date);
    return {
      id: `${identity.id}#${id}`,
      title: filledOr(fields.title, identity.title),
      uri: filledOr(fields.uri, identity.uri),
      ...(metadata === undefined ? {} : { metadata }),
    };
  }

  /** Tells of an entry that is left out. */
  report(place: string, reason: string, cause?: unknown): void {
    this.#file.onProblem(
      new VerbatimError('file-invalid', `${quotePath(this.#file.path)}, ${place}: ${reason}.`, cause),
    );
  }

  #check<T>(fields: z.ZodType<T>, value: unknown, place: RecordPlace): T | undefined {
    const checked = fields.safeParse(value);
    if (checked.success) return checked.data;
    const issue = checked.error.issues[0];
    const field = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    this.report(place.name, `${field}${issue?.message ?? 'invalid'}`);
    return undefined;
  }
}

function document(
  identity: DocumentIdentity,
  text: string,
  blocks: readonly Block[],
  { line }: RecordPlace,
): SourceDocument {
  // The breaks inside a value are not breaks of the file: all of it stands where its entry begins.
  return { ...identity, text, blocks, anchors: line === undefined ? [] : [{ start: 0, line }] };
}

function paragraphBlocks(text: string, offset: number, headings: readonly string[]): Block[] {
  return splitParagraphs(text).map(({ start, end }) => ({
    kind: 'paragraph',
    headings,
    start: start + offset,
    end: end + offset,
  }));
}

function hasField(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && field in value;
}

function filledOr(text: string | null | undefined, fallback: string): string {
  return text === null || text === undefined || text.trim() === '' ? fallback : text.trim();
}

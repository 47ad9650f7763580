import { requireInteger, received, VerbatimError } from '../core/errors.js';
import type { SearchHit } from '../pipeline/index.js';
import { DEFAULT_TOP_K } from '../retriever/index.js';
import { fieldValues } from './field-values.js';
import { fragmentText, type Marks } from './highlight-text.js';
import type { SourceText } from './source-text.js';
import { joinTexts, valueText } from './value-text.js';

/** What a document's fields are for. A name with dots reaches into objects and lists. */
export interface HitFields {
  /** What is read; of several fields, and of a list's values, each stands below the one before. */
  readonly textField: string | readonly string[];
  /** Read above the text, and named in citations. @defaultValue none */
  readonly titleField?: string;
  /** Where a person can open the document. @defaultValue none */
  readonly uriField?: string;
  /** @defaultValue the engine's own id of the document, else its position in the list, from 0 */
  readonly idField?: string;
  /** Whether fields hold HTML, of which the text is read. @defaultValue `detect`: those do in which a tag stands */
  readonly html?: boolean | 'detect';
  /** What is read where a hit has both: the whole field, or the engine's highlighting fragments of it. @defaultValue `field` */
  readonly read?: 'field' | 'highlight';
  /** What the engine puts around the words it found. @defaultValue the engine's own: `<em>`, Typesense `<mark>` */
  readonly marks?: Marks;
}

export interface HitOptions {
  /** How many hits to read at most, at least 1; what comes after them is not looked at. @defaultValue 10 */
  readonly topK?: number;
}

/** A hit with a text, as an answerer reads it, and where in the engine's document that text stands: see `sourceSpan`. */
export interface FieldHit extends SearchHit, SourceText {
  readonly text: string;
  /** The hit's position in the engine's list, from 0. Hits without a text are left out. */
  readonly position: number;
}

/** A hit of any engine. */
export interface EngineHit {
  readonly id?: string;
  readonly score?: number;
  readonly document: unknown;
  /** The fragments of a field. */
  readonly highlights?: (field: string) => readonly string[];
}

/**
 * Reads hits until there are enough with a text.
 *
 * @throws VerbatimError `invalid-option`.
 */
export function readHits<H>(
  hits: readonly H[],
  open: (hit: H) => EngineHit,
  fields: HitFields,
  { topK = DEFAULT_TOP_K }: HitOptions,
): FieldHit[] {
  checkFields(fields);
  requireInteger('topK', topK, 1);
  const read: FieldHit[] = [];
  for (let position = 0; position < hits.length && read.length < topK; position++) {
    const hit = open(hits[position] as H);
    const { document, score } = hit;
    const text = textOf(hit, fields);
    if (text.text.trim() === '') continue;
    const named = fields.idField === undefined ? hit.id : fieldValues(document, fields.idField)[0];
    const title = fields.titleField === undefined ? '' : lineOf(document, fields.titleField, fields.html);
    const uri = fields.uriField === undefined ? undefined : fieldValues(document, fields.uriField)[0];
    read.push({
      id: named ?? String(position),
      ...text,
      ...(title === '' ? {} : { title }),
      ...(uri === undefined ? {} : { uri: uri.trim() }),
      ...(score === undefined ? {} : { score }),
      position,
    });
  }
  return read;
}

/** @throws VerbatimError `invalid-option`. */
export function checkFields({ textField }: HitFields): void {
  const names: readonly unknown[] = [textField].flat();
  if (names.length === 0 || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new VerbatimError(
      'invalid-option',
      `Expected textField to name a field, or several, got ${received(textField)}.`,
    );
  }
}

function textOf({ document, highlights = () => [] }: EngineHit, fields: HitFields): SourceText {
  const { html = 'detect', read = 'field', marks = ['<em>', '</em>'] } = fields;
  return joinTexts(
    [fields.textField].flat().flatMap((field) => {
      const values = fieldValues(document, field);
      const fragments = highlights(field);
      return fragments.length > 0 && (read === 'highlight' || values.length === 0)
        ? fragments.map((fragment, item) => fragmentText(fragment, item, { field, values }, marks, html))
        : values.map((value, item) => valueText(value, { field, item, from: 'field' }, html));
    }),
  );
}

function lineOf(document: unknown, field: string, html: HitFields['html'] = 'detect'): string {
  const [value = ''] = fieldValues(document, field);
  const { text } = valueText(value, { field, item: 0, from: 'field' }, html);
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The names of all fields that are read, for an engine that sends only those. */
export function fieldNames({ textField, titleField, uriField, idField }: HitFields): string[] {
  return [...new Set([textField, titleField, uriField, idField].flat())].filter((name) => name !== undefined);
}

/** For the fields of an object that something else has sent. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A list of texts, whatever was sent. */
export function strings(value: unknown): string[] {
  return [value].flat().filter((entry) => typeof entry === 'string');
}

/** The list that an object has under a name, or undefined where it has none. */
export function listIn(value: unknown, name: string): readonly unknown[] | undefined {
  const list = property(value, name);
  return Array.isArray(list) ? list : undefined;
}

/** @throws VerbatimError `invalid-option` for anything else than a list. */
export function requireHits(hits: unknown, engine: string, place: string): readonly unknown[] {
  if (Array.isArray(hits)) return hits;
  throw new VerbatimError(
    'invalid-option',
    `Expected a search response of ${engine}, with a list at ${place}, got ${received(hits)} there.`,
  );
}

import { fieldValues } from './field-values.js';
import {
  requireHits,
  property,
  readHits,
  type FieldHit,
  type HitFields,
  type HitOptions,
} from './hit-fields.js';

export interface DocumentFields extends HitFields {
  /** A field with the hit's score. @defaultValue none */
  readonly scoreField?: string;
}

/** The columns of a row as `postgresRetriever` selects them. */
export const ROW: DocumentFields = {
  textField: 'text',
  titleField: 'title',
  uriField: 'uri',
  idField: 'id',
  scoreField: 'score',
};

/**
 * Hits of documents as any store returns them, best first.
 *
 * @throws VerbatimError `invalid-option`.
 *
 * @example
 * hitsFromDocuments([{ sku: 7, body: '<p>Two years.</p>' }], { textField: 'body', idField: 'sku' });
 */
export function hitsFromDocuments(
  documents: readonly unknown[],
  fields: DocumentFields,
  options: HitOptions = {},
): FieldHit[] {
  const hits = requireHits(documents, 'a document store', 'documents');
  return readHits(
    hits,
    (document) => {
      const [score] = fields.scoreField === undefined ? [] : fieldValues(document, fields.scoreField);
      return { document, ...(isNumber(score) ? { score: Number(score) } : {}) };
    },
    fields,
    options,
  );
}

/**
 * Hits of PostgreSQL's rows: what a query resolves to, or its `rows`.
 *
 * @param fields - the columns. @defaultValue `text`, `title`, `uri`, `id`, `score`
 * @throws VerbatimError `invalid-option`.
 *
 * @example
 * const { rows } = await pool.query('SELECT id, title, body AS text FROM articles WHERE …');
 * const result = await answerer.answerFromHits(question, hitsFromPostgres(rows));
 */
export function hitsFromPostgres(
  rows: readonly unknown[] | { readonly rows: readonly unknown[] },
  fields: DocumentFields = ROW,
  options: HitOptions = {},
): FieldHit[] {
  return hitsFromDocuments((property(rows, 'rows') ?? rows) as readonly unknown[], fields, options);
}

/** Databases write numbers of some types out. */
function isNumber(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '' && Number.isFinite(Number(text));
}

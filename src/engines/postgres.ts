import { received, VerbatimError } from '../core/errors.js';
import { EngineError, oneLine, unreachable } from '../retriever/engine/engine-error.js';
import { hitsFromPostgres, ROW } from './documents.js';
import {
  engineRetriever,
  messageOf,
  type EngineRetriever,
  type EngineRetrieverOptions,
} from './engine-retriever.js';
import { checkFields, property } from './hit-fields.js';

/** PostgreSQL cuts longer names off, and finds another table. */
const MAX_NAME_BYTES = 63;
/** Connections, resources, shutdowns, and statements that the server has cancelled (PostgreSQL, appendix A). */
const TRANSIENT = /^(?:08|53|57|58|XX)/;
const CREDENTIALS = /^(?:28|42501)/;

/** What is used of a `Pool` of pg. */
export interface PostgresPool {
  connect(): Promise<{
    query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
    release(destroy?: boolean): void;
  }>;
  query(text: string, values: unknown[]): Promise<unknown>;
}

export interface PostgresRetrieverOptions extends EngineRetrieverOptions {
  readonly pool: PostgresPool;
  /** Table or view, as it is spelt in the catalogue; in another schema than the search path's, `['schema', 'table']`. */
  readonly table: string | readonly [schema: string, table: string];
  readonly textField: string;
  /** @defaultValue `id`; cast to text */
  readonly idField?: string;
  /** A column of type tsvector, made with `config`. @defaultValue none: title and text are parsed for every question */
  readonly vectorField?: string;
  /** Text search configuration. @defaultValue `english` */
  readonly config?: string;
  /**
   * `any`: rows with any word of the question, as whole questions need; `websearch`: rows with all of them, with "…", or and - as in a
   * search box. @defaultValue `any`
   */
  readonly match?: 'any' | 'websearch';
}

/**
 * Retrieval by PostgreSQL's full text search (11 or later), ranked by `ts_rank_cd`, equal ranks by id. What rows are searched, a view
 * says. A search that is given up is cancelled on the server.
 *
 * @throws VerbatimError `invalid-option`. Nothing is sent before the first question.
 *
 * @example
 * const retriever = postgresRetriever({ pool: new Pool(), table: 'articles', textField: 'body', vectorField: 'search' });
 * const qa = await createVerbatim({ retriever });
 */
export function postgresRetriever(options: PostgresRetrieverOptions): EngineRetriever {
  checkFields(options);
  const { pool, table, config = 'english', match = 'any' } = options;
  const statement = selectStatement(options);
  const name = `PostgreSQL table ${[table].flat().join('.')}`;
  return engineRetriever(
    {
      name,
      refusesFields: true,
      search: (question, topK, signal) =>
        // PostgreSQL's texts hold no NUL.
        run(pool, statement, [config, question.replaceAll('\0', ' '), topK, match === 'any'], signal),
      hits: (rows) => rows,
      read: (rows, topK) =>
        hitsFromPostgres(rows, { ...ROW, html: options.html ?? 'detect' }, { topK }).map((hit) => ({
          ...hit,
          pieces: hit.pieces.map((piece) => ({ ...piece, field: options.textField })),
        })),
      explain: (error) => explain(name, error),
    },
    options,
  );
}

/** The names are quoted; everything else that comes from outside is a parameter. */
function selectStatement(options: PostgresRetrieverOptions): string {
  const { table, textField, titleField, uriField, idField = 'id', vectorField } = options;
  const column = (field: string | undefined): string =>
    field === undefined ? 'NULL' : `document.${quoteName(field)}`;
  const searched = [titleField ?? [], textField]
    .flat()
    .map((field) => `coalesce(${column(field)}::text, '')`);
  const vector =
    vectorField === undefined
      ? `to_tsvector($1::regconfig, ${searched.join(` || ' ' || `)})`
      : column(vectorField);
  return `
    WITH question AS (
      SELECT CASE WHEN $4
        THEN replace(plainto_tsquery($1::regconfig, $2)::text, ' & ', ' | ')::tsquery
        ELSE websearch_to_tsquery($1::regconfig, $2)
      END AS query
    ), found AS (
      SELECT ${column(idField)}::text AS id, ${column(titleField)}::text AS title, ${column(uriField)}::text AS uri,
        ${column(textField)}::text AS text, ts_rank_cd(${vector}, query, 1) AS score
      FROM ${[table].flat().map(quoteName).join('.')} AS document, question
      WHERE ${vector} @@ query
    )
    SELECT * FROM found ORDER BY score DESC, id COLLATE "C" LIMIT $3`;
}

/** @throws VerbatimError `invalid-option`. */
function quoteName(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new VerbatimError(
      'invalid-option',
      `Expected the names of table and fields to have 1 to ${MAX_NAME_BYTES} bytes, got ${received(name)}.`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

async function run(
  pool: PostgresPool,
  statement: string,
  values: unknown[],
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const client = await pool.connect();
  let isHeld = true;
  const release = (destroy: boolean): void => {
    if (isHeld) client.release(destroy);
    isHeld = false;
  };
  const cancel = (): void => {
    // The connection is not used again: a late cancellation must not hit the next query.
    release(true);
    const { processID } = client as { processID?: number };
    if (processID !== undefined)
      pool.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
  };
  if (signal.aborted) {
    release(false);
    signal.throwIfAborted();
  }
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { rows } = await client.query(statement, values);
    release(false);
    return rows;
  } catch (error) {
    release(isConnectionLost(error));
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function isConnectionLost(error: unknown): boolean {
  return sqlState(error) === undefined;
}

/** The five characters by which PostgreSQL names an error; errors of the connection have none, or another system's name. */
function sqlState(error: unknown): string | undefined {
  const code = property(error, 'code');
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

function explain(name: string, error: unknown): EngineError {
  const state = sqlState(error);
  const message = messageOf(error);
  if (state === undefined || TRANSIENT.test(state)) return unreachable(name, message);
  const refused = CREDENTIALS.test(state) ? 'the credentials' : 'the request';
  return new EngineError('engine-refused', `${name} refused ${refused}: ${state}, ${oneLine(message)}.`, {
    types: [state],
  });
}

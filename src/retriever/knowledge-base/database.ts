import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pid } from 'node:process';
import type { Database, Statement } from 'libsql';
import { received, VerbatimError, type VerbatimErrorCode } from '../../core/errors.js';

// libsql is CommonJS without named exports.
const openDatabase = createRequire(import.meta.url)('libsql') as new (
  file: string,
  options?: { readonly?: boolean; timeout?: number },
) => Database;

/** Raised with every change of the tables or of what stands in them. */
const FORMAT_VERSION = 2;
/** "VQKB", in the file's header: tells a knowledge base from any other SQLite file. */
const APPLICATION_ID = 0x56_51_4b_42;
const DATABASE_FILE = 'index.db';
/** How long a statement waits for another process's commit. */
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA = `
  CREATE TABLE state (
    commit_number INTEGER NOT NULL, next_ordinal INTEGER NOT NULL, passages INTEGER NOT NULL,
    purge_commit INTEGER NOT NULL, settings TEXT NOT NULL
  );
  CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, source TEXT, hash TEXT NOT NULL, summary TEXT NOT NULL,
    first INTEGER NOT NULL, passages INTEGER NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL
  );
  CREATE INDEX documents_first ON documents (first);
  CREATE INDEX documents_source ON documents (source);
  CREATE TABLE sources (id TEXT PRIMARY KEY, hash TEXT NOT NULL);
  CREATE TABLE segments (
    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, postings INTEGER NOT NULL
  );
  CREATE TABLE chunks (
    segment INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, checksum INTEGER NOT NULL,
    PRIMARY KEY (segment, part)
  );
  CREATE TABLE removals (commit_number INTEGER NOT NULL, first INTEGER NOT NULL, passages INTEGER NOT NULL);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT_VERSION};
`;

/** Whether a folder holds a knowledge base. */
export function hasDatabase(folder: string): boolean {
  return existsSync(path.join(folder, DATABASE_FILE));
}

/**
 * Opens the database of a knowledge base.
 *
 * @throws VerbatimError `index-not-found`, `index-damaged`, `index-version`, `index-read-only`, `index-busy`.
 */
export function openForReading(folder: string): Database {
  const notFound = new VerbatimError(
    'index-not-found',
    `No index in ${received(folder)}; make one with: verbatim index PATH --out ${folder}`,
  );
  if (!hasDatabase(folder)) throw notFound;
  return translateErrors(folder, () => {
    const database = connect(folder, true);
    if (isNew(database)) throw notFound;
    checkFormat(database, folder);
    return database;
  });
}

/**
 * Opens the database of a knowledge base to change it; makes both where there is none.
 *
 * @param settings - kept in a new database.
 * @throws VerbatimError as {@link openForReading}, and `disk-full`.
 */
export function openForWriting(folder: string, settings: unknown): Database {
  return translateErrors(folder, () => {
    mkdirSync(folder, { recursive: true });
    const database = connect(folder, false);
    if (isNew(database)) {
      database.pragma('journal_mode = WAL');
      database.exec(`BEGIN IMMEDIATE; ${SCHEMA}`);
      database.prepare('INSERT INTO state VALUES (0, 0, 0, 0, ?)').run(JSON.stringify(settings));
      database.exec('COMMIT');
    }
    checkFormat(database, folder);
    // Every acknowledged write outlives a loss of power.
    database.pragma('synchronous = FULL');
    return database;
  });
}

function connect(folder: string, readonly: boolean): Database {
  return new openDatabase(path.join(folder, DATABASE_FILE), { readonly, timeout: BUSY_TIMEOUT_MS });
}

/** Whether nothing has been put into the file: a process that was killed while it made one leaves such. */
function isNew(database: Database): boolean {
  return pragma(database, 'application_id') === 0 && pragma(database, 'page_count') <= 1;
}

function checkFormat(database: Database, folder: string): void {
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new VerbatimError(
      'index-damaged',
      `${path.join(folder, DATABASE_FILE)} is a database, but not one of verbatim's.`,
    );
  }
  const version = pragma(database, 'user_version');
  if (version !== FORMAT_VERSION) {
    const advice = version > FORMAT_VERSION ? 'update verbatim-qa' : 'index the documents again';
    throw new VerbatimError(
      'index-version',
      `The index in ${received(folder)} has format ${version}, this version reads format ${FORMAT_VERSION}; ${advice}. It was left as it is.`,
    );
  }
}

function pragma(database: Database, name: string): number {
  return (database.prepare(`PRAGMA ${name}`).raw().get() as [number])[0];
}

/**
 * What holds the right to write: a transaction on a database of its own, held open. The system ends it with the process, however that
 * ends.
 *
 * @throws VerbatimError `index-busy`, naming the holder.
 */
export function takeWriterLock(folder: string): Database {
  return translateErrors(folder, () => {
    mkdirSync(folder, { recursive: true });
    const lock = new openDatabase(path.join(folder, 'writer.db'), { timeout: 0 });
    try {
      lock.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER)');
      lock.exec(`BEGIN IMMEDIATE; DELETE FROM holder; INSERT INTO holder VALUES (${pid}); COMMIT`);
      lock.exec('BEGIN IMMEDIATE');
      return lock;
    } catch (error) {
      if (!isBusy(error)) throw error;
      const holder = holderOf(lock);
      lock.close();
      throw new VerbatimError(
        'index-busy',
        `The index in ${received(folder)} is being written by process ${holder ?? 'unknown'}; wait for it or end it.`,
        error,
      );
    }
  });
}

/** Ends the transaction that is the lock; the connection itself may live on until its statements are collected. */
export function releaseWriterLock(lock: Database): void {
  lock.exec('ROLLBACK');
  lock.close();
}

function holderOf(lock: Database): number | undefined {
  try {
    return (lock.prepare('SELECT pid FROM holder').raw().get() as [number] | undefined)?.[0];
  } catch {
    // It is just being taken.
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY') || codeOf(error).startsWith('SQLITE_LOCKED');
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const CODES: readonly (readonly [prefix: string, code: VerbatimErrorCode, explanation: string])[] = [
  ['SQLITE_FULL', 'disk-full', 'the disk is full; nothing of this change was kept, all before it is intact'],
  ['ENOSPC', 'disk-full', 'the disk is full'],
  ['SQLITE_CORRUPT', 'index-damaged', 'the file is damaged; restore it, or index the documents again'],
  ['SQLITE_NOTADB', 'index-damaged', 'the file is no index'],
  ['SQLITE_BUSY', 'index-busy', 'another process keeps it locked'],
  ['SQLITE_LOCKED', 'index-busy', 'another process keeps it locked'],
  ['SQLITE_READONLY', 'index-read-only', 'the folder or file cannot be written'],
  ['SQLITE_CANTOPEN', 'index-read-only', 'the folder or file cannot be opened; check its permissions'],
  ['SQLITE_PERM', 'index-read-only', 'permission denied'],
  ['EACCES', 'index-read-only', 'permission denied'],
  ['EPERM', 'index-read-only', 'permission denied'],
  ['EROFS', 'index-read-only', 'the file system is read-only'],
  ['ENOTDIR', 'index-read-only', 'a part of the path is no folder'],
  ['EEXIST', 'index-read-only', 'a file stands where the folder should be'],
];

/** Runs an action on a knowledge base; the database's and the system's errors become this project's. */
export function translateErrors<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (VerbatimError.isInstance(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    // libsql gives no code where opening fails, only a message that ends in SQLite's number: 14 is SQLITE_CANTOPEN.
    const code = codeOf(error) || (message.endsWith(': 14")') ? 'SQLITE_CANTOPEN' : '');
    const known = CODES.find(([prefix]) => code.startsWith(prefix));
    if (known === undefined) throw error;
    throw new VerbatimError(known[1], `Index in ${received(folder)}: ${known[2]} (${code}).`, error);
  }
}

const prepared = new WeakMap<Database, Map<string, Statement>>();

/** A statement of a database, compiled once: compiling takes longer than most of them run. */
export function statement(database: Database, sql: string): Statement {
  let ofDatabase = prepared.get(database);
  if (ofDatabase === undefined) prepared.set(database, (ofDatabase = new Map<string, Statement>()));
  let known = ofDatabase.get(sql);
  if (known === undefined) ofDatabase.set(sql, (known = database.prepare(sql)));
  return known;
}

/** The one row that says what all others add up to. */
export interface State {
  readonly commit_number: number;
  readonly next_ordinal: number;
  readonly passages: number;
  readonly purge_commit: number;
  readonly settings: string;
}

export function readState(database: Database): State {
  return statement(database, 'SELECT * FROM state').get() as State;
}

import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Pool } from 'pg';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { postgresRetriever, sourceSpan, type PostgresRetrieverOptions } from '../../src/engines/index.js';
import { createVerbatim } from '../../src/index.js';
import { errorOf } from '../support/error-of.js';
import { PostgresServer } from '../support/postgres-server.js';

const address = inject('postgres');

const openPool = (options: ConstructorParameters<typeof Pool>[0] = {}): Pool => {
  const pool = new Pool({ ...address, ...options });
  // The server closes idle connections when it goes down, which is no error of a test.
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  return pool;
};

/** A table of these rows, and a retriever on it. */
const over = async (
  rows: readonly Record<string, unknown>[],
  options: Partial<PostgresRetrieverOptions> = {},
) => {
  const pool = openPool();
  const table = `t_${randomUUID().replaceAll('-', '')}`;
  await pool.query(`CREATE TABLE ${table} (id int, title text, body text)`);
  for (const { id, title, body } of rows)
    await pool.query(`INSERT INTO ${table} VALUES ($1, $2, $3)`, [id, title, body]);
  return { pool, table, retriever: postgresRetriever({ pool, table, textField: 'body', ...options }) };
};

describe('postgresRetriever', () => {
  it('finds rows with any word of a question, in other forms too, the best first, with title and id', async () => {
    const { retriever, pool, table } = await over(
      [
        { id: 1, title: 'Warranty', body: 'The warranty lasts two years.' },
        { id: 2, title: null, body: 'Delivery takes two days.' },
        { id: 3, title: 'Hub', body: 'Nothing of it.' },
        { id: 4, title: 'Warranties', body: null },
      ],
      { titleField: 'title' },
    );
    const found = await retriever.retrieve("How long does the warranty's period last, & who'd pay | claim?");
    expect(found.map(({ documentId, title, rank }) => [documentId, title, rank])).toEqual([
      ['1', 'Warranty', 1],
    ]);
    expect(found[0]?.score).toBeGreaterThan(0);
    // Only the title of the fourth has the word.
    await pool.query(`DELETE FROM ${table} WHERE id = 1`);
    expect(await retriever.retrieve('warranties')).toEqual([]);
  });

  it('finds as a search box does where it is told to', async () => {
    const rows = [
      { id: 1, body: 'The hub is red.' },
      { id: 2, body: 'The hub is blue.' },
    ];
    const { retriever } = await over(rows, { match: 'websearch' });
    const ids = async (question: string): Promise<string[]> =>
      (await retriever.retrieve(question)).map(({ documentId }) => documentId);
    expect(await ids('hub red')).toEqual(['1']);
    expect(await ids('hub -red')).toEqual(['2']);
    expect(await ids('red or blue')).toEqual(['1', '2']);
  });

  it('takes nothing in a question for anything but words', async () => {
    const { retriever, pool, table } = await over([{ id: 1, body: 'The hub.' }]);
    for (const question of ["hub'; DROP TABLE x; --", 'hub \0 $1 :* <-> !', '\\hub "'])
      expect(await retriever.retrieve(question)).toHaveLength(1);
    expect((await pool.query(`SELECT count(*)::int AS n FROM ${table}`)).rows).toEqual([{ n: 1 }]);
  });

  it('orders equal ranks by id in code points', async () => {
    const { pool, table } = await over([]);
    await pool.query(`ALTER TABLE ${table} ALTER id TYPE text`);
    for (const id of ['b', 'a', 'B', 'ä', '10', '9'])
      await pool.query(`INSERT INTO ${table} VALUES ($1, '', 'hub')`, [id]);
    const found = await postgresRetriever({ pool, table, textField: 'body' }).retrieve('hub', { topK: 5 });
    expect(found.map(({ documentId }) => documentId)).toEqual(['10', '9', 'B', 'a', 'b']);
  });

  it('reads a table of another schema, whatever the names are', async () => {
    const pool = openPool();
    const schema = `S "${randomUUID().slice(0, 8)}"`;
    const quoted = `"${schema.replaceAll('"', '""')}"`;
    await pool.query(
      `CREATE SCHEMA ${quoted}; CREATE TABLE ${quoted}."select" ("Key" int, "bo""dy; --" text)`,
    );
    await pool.query(`INSERT INTO ${quoted}."select" VALUES (1, 'The hub.')`);
    const retriever = postgresRetriever({
      ...{ pool, table: [schema, 'select'], textField: 'bo"dy; --', idField: 'Key' },
    });
    expect(await retriever.retrieve('hub')).toMatchObject([{ documentId: '1', text: 'The hub.' }]);
  });

  it('answers with the words of a row, and says where they stand in its HTML', async () => {
    const body = '<p>The warranty lasts <b>two years</b> from the date of delivery.</p>';
    const { retriever } = await over([{ id: 7, title: 'Warranty', body }], { titleField: 'title' });
    await using qa = await createVerbatim({ retriever });
    const result = await qa.ask('How long does the warranty last?');
    expect(result).toMatchObject({ kind: 'answer', answer: 'two years' });
    const [citation] = result.kind === 'answer' ? result.citations : [];
    const [passage] = await retriever.retrieve('How long does the warranty last?');
    const span = passage && citation && sourceSpan(passage, citation);
    expect(span?.field).toBe('body');
    expect(body.slice(span?.start, span?.end)).toBe('two years');
  });

  it.each<[string, Partial<PostgresRetrieverOptions>, RegExp]>([
    ['table', { table: 'not_there' }, /refused the request: 42P01, relation "not_there" does not exist/u],
    ['field', { textField: 'nobody' }, /refused the request: 42703, column document\.nobody does not exist/u],
    ['configuration', { config: 'klingon' }, /refused the request: 42704, .*"klingon" does not exist/u],
  ])('says that there is no such %s', async (_, options, message) => {
    const { retriever } = await over([{ id: 1, body: 'hub' }], options);
    const error = await errorOf(() => retriever.retrieve('hub'));
    expect(error.code).toBe('engine-refused');
    expect(error.message).toMatch(message);
  });

  it.each(['', 'x'.repeat(64), 'a\0b'])(
    'refuses the name %j, which would be another or none',
    async (table) => {
      const error = await errorOf(() => postgresRetriever({ pool: openPool(), table, textField: 'body' }));
      expect(error.code).toBe('invalid-option');
      expect(error.message).toContain('Expected the names of table and fields to have 1 to 63 bytes');
    },
  );

  it('says that credentials or rights are refused, and no password', async () => {
    const { table, pool } = await over([{ id: 1, body: 'hub' }]);
    const user = `u_${randomUUID().slice(0, 8)}`;
    await pool.query(`CREATE USER ${user}`);
    const stranger = openPool({ user, password: 's3cret' });
    const noRights = await errorOf(() =>
      postgresRetriever({ pool: stranger, table, textField: 'body' }).retrieve('hub'),
    );
    expect(noRights.message).toMatch(/refused the credentials: 42501, permission denied for table/u);
    const unknown = openPool({ user: 'nobody', password: 's3cret' });
    const noUser = await errorOf(() =>
      postgresRetriever({ pool: unknown, table, textField: 'body' }).retrieve('hub'),
    );
    expect(noUser.message).toMatch(/refused the credentials: 28000, role "nobody" does not exist/u);
    expect(inspect([noRights, noUser], { depth: 20 })).not.toContain('s3cret');
  });

  it('cancels on the server a search that is given up or takes too long, and searches again', async () => {
    const { pool, table } = await over([{ id: 1, body: 'hub' }]);
    // A view whose rows take an hour each.
    await pool.query(
      `CREATE VIEW slow_${table} AS SELECT id, title, body || pg_sleep(3600)::text AS body FROM ${table}`,
    );
    const running = async (): Promise<unknown> =>
      (
        await pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%slow_%' AND state = 'active' AND pid <> pg_backend_pid()",
        )
      ).rowCount;
    const small = openPool({ max: 1 });
    const slow = postgresRetriever({ pool: small, table: `slow_${table}`, textField: 'body' });
    const controller = new AbortController();
    const found = slow.retrieve('hub', { signal: controller.signal });
    const until = async (count: number): Promise<void> => {
      while ((await running()) !== count) await pool.query('SELECT pg_sleep(0.02)');
    };
    await until(1);
    controller.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    await until(0);
    const late = postgresRetriever({
      pool: small,
      table: `slow_${table}`,
      textField: 'body',
      timeoutMs: 200,
    });
    const error = await errorOf(() => late.retrieve('hub'));
    expect(error.code).toBe('engine-unavailable');
    expect(error.message).toContain('no answer within 200 ms');
    await until(0);
    expect(await postgresRetriever({ pool: small, table, textField: 'body' }).retrieve('hub')).toHaveLength(
      1,
    );
  });
});

describe('a PostgreSQL that goes away', () => {
  /** A server of its own: these tests break it. */
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
    return () => server.close();
  });

  it('is reported as unavailable, and is searched again once it is back', async () => {
    const pool = openPool(server.address);
    await pool.query("CREATE TABLE t AS SELECT 1 AS id, 'hub'::text AS body");
    const retriever = postgresRetriever({ pool, table: 't', textField: 'body' });
    expect(await retriever.retrieve('hub')).toHaveLength(1);
    await server.kill();
    const error = await errorOf(() => retriever.retrieve('hub'));
    expect(error.code).toBe('engine-unavailable');
    expect(error.message).toContain('PostgreSQL table t is not available');
    await server.start();
    expect(await retriever.retrieve('hub')).toHaveLength(1);
  });
});

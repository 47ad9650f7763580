import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { runNode, type CliResult } from '../support/run-cli.js';

const address = inject('postgres');
const pool = new Pool(address);
const table = `articles_${randomUUID().slice(0, 8)}`;
afterAll(() => pool.end());

const ask = (...args: string[]): Promise<CliResult> =>
  runNode(['examples/postgres-plugin/ask.js', ...args], {
    env: { PGHOST: address.host, PGPORT: String(address.port), PGUSER: address.user, PGDATABASE: 'postgres' },
  });

describe('the example postgres-plugin', () => {
  it('answers from a table, with the place in the column', async () => {
    await pool.query(`CREATE TABLE "${table}" (id int, headline text, body text)`);
    await pool.query(`ALTER TABLE "${table}" ADD search tsvector
      GENERATED ALWAYS AS (to_tsvector('english', coalesce(headline, '') || ' ' || coalesce(body, ''))) STORED`);
    const body = '<p>The warranty lasts <b>two</b> years from delivery.</p>';
    await pool.query(
      `INSERT INTO "${table}" VALUES (7, 'Warranty', $1), (8, 'Delivery', 'It takes a day.')`,
      [body],
    );
    const options = ['--table', table, '--text', 'body', '--title', 'headline', '--vector', 'search'];
    const { code, stdout, stderr } = await ask(...options, 'How long does the warranty last?');
    expect(stderr).toBe('');
    const [answer, sentence, place, stored] = stdout.split('\n');
    expect(answer).toMatch(/^two years {3}confidence \d+%$/u);
    expect(sentence).toBe('  The warranty lasts two years from delivery.');
    expect(place).toBe(`  ${table} 7, body 25-38`);
    expect(stored).toBe('  two</b> years');
    expect(code).toBe(0);
    expect(await ask(...options, 'Who composed the opera about the warranty?')).toMatchObject({
      ...{ code: 3, stdout: 'No answer.\n' },
    });
  });

  it('says what is wrong', async () => {
    const wrong = await ask('--table', 'not_there', '--text', 'body', 'How long?');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('relation "not_there" does not exist');
    expect(await ask('How long?')).toMatchObject({ code: 2 });
  });
});

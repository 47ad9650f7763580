import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, inject } from 'vitest';
import type { Passage } from '../../src/core/passage.js';
import { postgresRetriever } from '../../src/engines/index.js';
import {
  describeRetriever,
  type OpenRetriever,
  type RetrieverTraits,
} from '../contract/retriever-contract.js';

const pool = new Pool(inject('postgres'));
afterAll(() => pool.end());

const open =
  (vectorField?: string) =>
  async (passages: readonly Passage[]): Promise<OpenRetriever> => {
    const table = `Articles "${randomUUID().slice(0, 8)}"`;
    const name = `"${table.replaceAll('"', '""')}"`;
    await pool.query(
      `CREATE TABLE ${name} (id text, title text, body text, url text, search tsvector GENERATED ALWAYS AS
        (to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(body, ''))) STORED)`,
    );
    for (const { documentId, title, text, uri } of passages)
      await pool.query(`INSERT INTO ${name} VALUES ($1, $2, $3, $4)`, [documentId, title, text, uri]);
    const fields = { textField: 'body', titleField: 'title', uriField: 'url', config: 'simple' };
    const retriever = postgresRetriever({
      ...{ pool, table, ...fields },
      ...(vectorField === undefined ? {} : { vectorField }),
    });
    return {
      retriever,
      close: async () => {
        await pool.query(`DROP TABLE ${name}`);
      },
    };
  };

const whole = 'a table holds whole documents with columns of its own';
const traits: RetrieverTraits = {
  exactScores: false,
  functionFilters: false,
  cannot: {
    'BM25 scores': 'ts_rank_cd is no BM25',
    'repeated terms': 'a tsquery holds a term once',
    folding: 'accents are told apart without the extension unaccent',
    'unspaced scripts': 'the parser takes a run of such letters for one word',
    'long terms': 'words of more than 2,047 bytes are not indexed',
    'order of equal scores': 'rows with one id are told apart by nothing',
    ...{ 'parts of documents': whole, explanations: whole, criteria: whole },
  },
};

describeRetriever('postgresRetriever', open(), traits);
describeRetriever('postgresRetriever with a column of type tsvector', open('search'), traits);

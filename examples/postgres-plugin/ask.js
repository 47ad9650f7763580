/**
 * Answers a question from a table of PostgreSQL.
 *
 *   node ask.js --table articles --text body [--title headline] [--uri url] [--id id] [--vector search] "How long is the warranty?"
 *
 * PGHOST, PGUSER, PGPASSWORD and PGDATABASE say where it is. Exit codes: 0 answer, 3 no answer, 2 wrong use, 1 failure.
 */
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { createVerbatim } from 'verbatim-qa';
import { fieldValues, postgresRetriever, sourceSpan } from 'verbatim-qa/engines';

const string = { type: 'string' };
const { values, positionals } = parseArgs({
  options: { table: string, text: string, title: string, uri: string, id: string, vector: string },
  allowPositionals: true,
});
const [question] = positionals;
const { table, text: textField, title, uri, id, vector } = values;
if (table === undefined || textField === undefined || question === undefined) {
  console.error('Expected --table, --text and a question.');
  process.exit(2);
}

const pool = new Pool();
let qa;
try {
  const columns = { titleField: title, uriField: uri, idField: id, vectorField: vector };
  const retriever = postgresRetriever({ pool, table, textField, ...columns });
  qa = await createVerbatim({ retriever });
  const result = await qa.ask(question, { explain: true });
  if (result.kind === 'answer') {
    const [citation] = result.citations;
    console.log(`${result.answer}   confidence ${Math.round(100 * result.confidence)}%`);
    console.log(`  ${citation.sentence.text}`);
    // The place in the column, markup and all.
    const read = result.explanation.find(({ passage }) => passage.documentId === citation.documentId);
    const place = sourceSpan(read.passage, citation);
    console.log(`  ${table} ${citation.documentId}, ${place.field} ${place.start}-${place.end}`);
    const { rows } = await pool.query({
      text: `SELECT * FROM ${quote(table)} WHERE ${quote(id ?? 'id')}::text = $1`,
      values: [citation.documentId],
    });
    console.log(`  ${fieldValues(rows[0], place.field)[place.item].slice(place.start, place.end)}`);
  } else {
    console.log('No answer.');
    process.exitCode = 3;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await qa?.close();
  await pool.end();
}

function quote(name) {
  return `"${name.replaceAll('"', '""')}"`;
}

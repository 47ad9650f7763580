// Answers a CSV of questions into a CSV of answers with their citations. Run again after any interruption, it goes on where it stopped.
//
//     node answer-csv.mjs questions.csv answers.csv --corpus ./docs
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { createVerbatim, VerbatimError } from 'verbatim-qa';

const USAGE = 'Usage: node answer-csv.mjs QUESTIONS.csv ANSWERS.csv (--index FOLDER | --corpus PATH)';

const COLUMNS = [
  'question',
  'kind',
  'answer',
  'confidence',
  'documentId',
  'uri',
  'start',
  'end',
  'sentence',
  'error',
];

/** Questions that are asked at once: enough to keep every reader busy. */
const AT_ONCE = 8;
/** What is wrong with a question itself; any other error ends the run. */
const OF_THE_QUESTION = new Set(['empty-question', 'question-too-long']);
const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Something that the caller can mend. */
class UsageError extends Error {}

try {
  const { values, positionals } = arguments_();
  const [questions, answers] = positionals;
  if (questions === undefined || answers === undefined || positionals.length > 2) throw new UsageError(USAGE);
  const { index, corpus } = values;
  if ((index === undefined) === (corpus === undefined)) throw new UsageError(USAGE);
  await answerAll(questions, answers, index === undefined ? { corpus: corpus ?? '' } : { index });
} catch (error) {
  console.error(
    VerbatimError.isInstance(error)
      ? `[${error.code}] ${error.message}`
      : error instanceof Error
        ? error.message
        : error,
  );
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function arguments_() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { index: { type: 'string' }, corpus: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/**
 * @param {string} questions
 * @param {string} answers
 * @param {import('verbatim-qa').VerbatimOptions} searched
 */
async function answerAll(questions, answers, searched) {
  const unanswered = rowsOf(questions);
  // Writes go to the end, wherever that is.
  const file = await open(answers, 'a+');
  try {
    let done = await resume(file, answers, unanswered);
    if (done > 0) console.error(`${done} questions were answered before.`);
    const qa = await createVerbatim(searched);
    try {
      for await (const row of inOrder(unanswered, (question) => answerOne(qa, question))) {
        await file.appendFile(toCsv(row));
        done++;
        if (process.stderr.isTTY || done % 100 === 0) {
          process.stderr.write(
            `${process.stderr.isTTY ? '\r' : ''}${done} answered${process.stderr.isTTY ? '' : '\n'}`,
          );
        }
      }
    } finally {
      await qa.close();
    }
    console.error(`${process.stderr.isTTY ? '\r' : ''}${done} questions answered: ${answers}`);
  } finally {
    await file.close();
  }
}

/**
 * The question of each row, one at a time.
 *
 * @param {string} file
 */
async function* rowsOf(file) {
  const records = parseFile(file, { bom: true, columns: checkHeader, skip_empty_lines: true });
  for await (const record of records) yield /** @type {string} */ (record.question);

  /** @param {string[]} header */
  function checkHeader(header) {
    if (header.includes('question')) return header;
    throw new UsageError(`Expected a column "question" in ${file}, got ${header.join(', ')}.`);
  }
}

/**
 * @param {string} file
 * @param {import('csv-parse').Options} options
 * @param {number} end - in bytes
 */
function parseFile(file, options, end = Infinity) {
  const parser = parse(options);
  createReadStream(file, { end: end - 1 })
    .on('error', (error) => parser.destroy(error))
    .pipe(parser);
  return parser;
}

/**
 * Cuts off a row that was not written to its end, and passes over the questions that have been answered.
 *
 * @param {import('node:fs/promises').FileHandle} file
 * @param {string} name
 * @param {AsyncIterator<string>} questions
 * @returns how many those are.
 */
async function resume(file, name, questions) {
  const end = await endOfLastRow(file);
  await file.truncate(end);
  if (end === 0) {
    await file.appendFile(toCsv(COLUMNS));
    return 0;
  }
  const rows = parseFile(name, {}, end);
  let count = -1;
  for await (const row of rows) {
    if (count++ === -1) {
      if (row.join() === COLUMNS.join()) continue;
      throw new UsageError(
        `Expected the answers of this program in ${name}, got a file that begins otherwise.`,
      );
    }
    const { value, done } = await questions.next();
    if (done === true || value !== row[0]) {
      throw new UsageError(
        `Expected the answers to these questions in ${name}, got another question in row ${count + 1}.`,
      );
    }
  }
  return count;
}

/**
 * Where the last whole row ends, in bytes: at the last line break that is not between quotes.
 *
 * @param {import('node:fs/promises').FileHandle} file
 */
async function endOfLastRow(file) {
  let end = 0;
  let isQuoted = false;
  let position = 0;
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    for (const byte of /** @type {Buffer} */ (chunk)) {
      position++;
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED && !isQuoted) end = position;
    }
  }
  return end;
}

/**
 * Works on several items at once; results come in the order of the items.
 *
 * @template T, R
 * @param {AsyncIterable<T>} items
 * @param {(item: T) => Promise<R>} work
 */
async function* inOrder(items, work) {
  /** @type {Promise<R>[]} */
  const running = [];
  for await (const item of items) {
    const result = work(item);
    // Whatever fails is told in its turn.
    result.catch(() => undefined);
    running.push(result);
    if (running.length === AT_ONCE) yield await /** @type {Promise<R>} */ (running.shift());
  }
  yield* running;
}

/**
 * @param {import('verbatim-qa').Verbatim} qa
 * @param {string} question
 */
async function answerOne(qa, question) {
  try {
    const result = await qa.ask(question);
    if (result.kind === 'no-answer') return [question, 'no-answer'];
    const [citation] = result.citations;
    return [
      question,
      'answer',
      result.answer,
      result.confidence.toFixed(4),
      citation?.documentId,
      citation?.link ?? citation?.uri,
      citation?.start,
      citation?.end,
      citation?.sentence.text,
    ];
  } catch (error) {
    if (!VerbatimError.isInstance(error) || !OF_THE_QUESTION.has(error.code)) throw error;
    return [question, 'error', ...Array(COLUMNS.length - 3).fill(''), `[${error.code}] ${error.message}`];
  }
}

/**
 * A row of CSV (RFC 4180), with a cell in quotes where it must be.
 *
 * @param {readonly (string | number | undefined)[]} cells
 */
function toCsv(cells) {
  return `${COLUMNS.map((_, i) => quote(String(cells[i] ?? ''))).join(',')}\r\n`;
}

/** @param {string} cell */
function quote(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

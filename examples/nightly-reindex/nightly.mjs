// Brings an index up to date, checks it, and measures it against a saved run: has quality fallen?
//
//     node nightly.mjs --docs ./docs --index kb --questions questions.json --state ./state
//
// Exit codes: 0 all is well, 1 something failed or could not be read, 2 wrong use, 4 quality fell.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const EXIT = { done: 0, failure: 1, usage: 2, qualityFell: 4 };
const USAGE = 'Usage: node nightly.mjs --docs PATH --index FOLDER --questions FILE.json --state FOLDER';

try {
  const settings = settingsOf();
  process.exitCode = settings === undefined ? EXIT.usage : await night(settings);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = EXIT.failure;
}

/** @typedef {{ readonly docs: string, readonly index: string, readonly questions: string, readonly state: string }} Settings */

/** @returns {Settings | undefined} */
function settingsOf() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    const { values } = parseArgs({ options: { docs: text, index: text, questions: text, state: text } });
    const { docs, index, questions, state } = values;
    if (docs && index && questions && state) return { docs, index, questions, state };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  console.error(USAGE);
  return undefined;
}

/** @param {Settings} settings */
async function night({ docs, index, questions, state }) {
  mkdirSync(state, { recursive: true });
  // 1: done, but some files could not be read; standard error names them.
  const indexed = await verbatim(['index', docs, '--out', index, '--json'], [0, 1]);
  const { added, changed, removed, documents, problems } = JSON.parse(indexed);
  console.log(`Indexed: ${added} added, ${changed} changed, ${removed} removed; ${documents} documents.`);
  await verbatim(['index', '--out', index, '--verify']);

  const tonight = path.join(state, 'tonight.json');
  const baseline = path.join(state, 'baseline.json');
  const run = await verbatim(['eval', questions, '--mode', 'open', '--index', index, '--json']);
  writeFileSync(`${tonight}.tmp`, run);
  renameSync(`${tonight}.tmp`, tonight);
  if (!existsSync(baseline)) {
    writeFileSync(baseline, run);
    console.log(`Saved the first run as ${baseline}: F1 ${JSON.parse(run).f1.toFixed(1)}.`);
  } else {
    const comparison = JSON.parse(await verbatim(['eval', '--compare', baseline, tonight, '--json']));
    const { a, b, difference, interval } = comparison.differences.f1;
    const range =
      interval === undefined
        ? ''
        : `, 95% interval ${interval.low.toFixed(1)} to ${interval.high.toFixed(1)}`;
    console.log(`F1 ${b.toFixed(1)}, before ${a.toFixed(1)}: ${difference.toFixed(1)}${range}.`);
    // Only what other questions would hardly have undone counts as a fall.
    if (interval === undefined ? difference < 0 : interval.high < 0) {
      console.error('Quality fell. Look at `verbatim eval --report`; to accept it, remove the saved run.');
      return EXIT.qualityFell;
    }
  }
  return problems.length === 0 ? EXIT.done : EXIT.failure;
}

/**
 * Runs the command and gives what it prints.
 *
 * @param {readonly string[]} args
 * @param {readonly number[]} allowed
 * @returns {Promise<string>}
 */
function verbatim(args, allowed = [0]) {
  return new Promise((resolve, reject) => {
    execFile('verbatim', args, { maxBuffer: 1e9 }, (error, stdout, stderr) => {
      process.stderr.write(stderr);
      const code = error === null ? 0 : error.code;
      // Without any output it did not get as far as to be done.
      if (typeof code === 'number' && allowed.includes(code) && (code === 0 || stdout !== ''))
        resolve(stdout);
      else
        reject(
          new Error(
            `verbatim ${args[0]} failed${typeof code === 'number' ? ` with exit code ${code}` : `: ${error?.message}`}.`,
          ),
        );
    });
  });
}

/**
 * Lexical retrieval side by side: same passages, same questions, each contender in a fresh process, the order reversed every round.
 *
 *     npx tsx bench/retrieve/main.ts --questions squad2-dev-open.json.gz --paragraphs squad-paragraphs.jsonl.gz \
 *       [--sizes 10000,100000,1000000] [--contenders verbatim,minisearch] [--rounds 2] [--asked 500]
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ContenderFigures } from './contender.js';
import { CONTENDERS } from './contenders.js';

const { values } = parseArgs({
  options: {
    questions: { type: 'string' },
    paragraphs: { type: 'string' },
    sizes: { type: 'string', default: '10000,100000,1000000' },
    contenders: { type: 'string', default: Object.keys(CONTENDERS).join(',') },
    rounds: { type: 'string', default: '2' },
    asked: { type: 'string', default: '500' },
  },
});
const { questions, paragraphs, asked } = values;
if (questions === undefined || paragraphs === undefined)
  throw new Error('Expected --questions and --paragraphs.');

const names = values.contenders.split(',');
for (const size of values.sizes.split(',')) {
  const measured = new Map<string, ContenderFigures[]>(names.map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const figures = await measure([name, size, questions, paragraphs, asked]);
      if (figures === undefined) console.error(`${name} did not finish with ${size} passages.`);
      else measured.get(name)?.push(figures);
    }
  }
  console.log(
    `\n${Number(size).toLocaleString('en')} passages; medians of ${values.rounds} rounds, p50 of each in brackets`,
  );
  console.log('| | recall@1 | @5 | @10 | build s | open s | memory MB | disk MB | p50 ms | p95 | p99 |');
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
  for (const [name, rounds] of measured) if (rounds.length > 0) console.log(row(name, rounds));
}

/** Runs one contender in a process of its own; nothing where that ended without figures: out of memory, mostly. */
async function measure(args: readonly string[]): Promise<ContenderFigures | undefined> {
  const program = fileURLToPath(new URL('contender.ts', import.meta.url));
  const child = spawn(process.execPath, ['--max-old-space-size=12000', '--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return code === 0 ? (JSON.parse(output) as ContenderFigures) : undefined;
}

function row(name: string, rounds: readonly ContenderFigures[]): string {
  const median = (of: (figures: ContenderFigures) => number): number => {
    const sorted = rounds.map(of).sort((a, b) => a - b);
    return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
  };
  const cells = [
    ...['1', '5', '10'].map((k) => median(({ recallAt }) => recallAt[k] ?? NaN).toFixed(1)),
    median(({ buildSeconds }) => buildSeconds).toFixed(1),
    median(({ openSeconds }) => openSeconds ?? NaN).toFixed(2),
    median(({ memoryMB }) => memoryMB).toFixed(0),
    median(({ diskMB }) => diskMB).toFixed(0),
    `${median(({ p50 }) => p50).toFixed(2)} (${rounds.map(({ p50 }) => p50.toFixed(2)).join(', ')})`,
    median(({ p95 }) => p95).toFixed(2),
    median(({ p99 }) => p99).toFixed(2),
  ];
  return `| ${name} | ${cells.join(' | ')} |`.replaceAll('NaN', '–');
}

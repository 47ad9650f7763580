/**
 * Compares the reader with the reference procedure (run_qa in Python): best span, null score and no-answer decision of
 * every question with its own paragraph. Every difference is listed.
 *
 *     npx tsx bench/reader-identity.ts squad2-dev-open.json.gz reference.json.gz MODEL_FOLDER fp32|q8 THRESHOLD
 *
 * The reference is {"question id": [text, start, end, span score, null score]}, offsets in code points.
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { CodePointOffsets } from '../src/core/offsets.js';
import { squadMetrics, type Prediction } from '../src/evaluation/index.js';
import { readSquadFile } from '../src/ingest/index.js';
import { loadReader, type Dtype } from '../src/reader/index.js';

const [file, referenceFile, model, dtype, thresholdText] = process.argv.slice(2);
if (file === undefined || referenceFile === undefined || model === undefined || thresholdText === undefined) {
  throw new Error('Expected five arguments: FILE REFERENCE MODEL_FOLDER DTYPE THRESHOLD.');
}
const threshold = Number(thresholdText);
const reference = JSON.parse(gunzipSync(await readFile(referenceFile)).toString()) as Record<
  string,
  [text: string, start: number, end: number, score: number, nullScore: number]
>;
const { questions, paragraphs } = await readSquadFile(file);
const { reader } = await loadReader({ model, dtype: dtype as Dtype });

let differentSpans = 0;
let differentDecisions = 0;
let largestScoreDifference = 0;
let alignedOtherwise = 0;
const exact: Prediction[] = [];
const aligned: Prediction[] = [];
for (const { id, question, paragraph, answers } of questions) {
  const text = paragraphs[paragraph]?.text ?? '';
  const [[unaligned], [whole]] = (await Promise.all(
    [false, true].map((alignToWords) => reader.read(question, [{ text }], { nBest: 1, alignToWords })),
  )) as [Awaited<ReturnType<typeof reader.read>>, Awaited<ReturnType<typeof reader.read>>];
  const span = unaligned?.spans[0];
  const expected = reference[id];
  if (span === undefined || unaligned === undefined || expected === undefined)
    throw new Error(`No reading or reference for ${id}.`);
  const [expectedText, expectedStart, expectedEnd, expectedScore, expectedNull] = expected;
  const offsets = new CodePointOffsets(text);
  if (offsets.toCodePoint(span.start) !== expectedStart || offsets.toCodePoint(span.end) !== expectedEnd) {
    differentSpans++;
    console.log(
      `span ${id}: ${JSON.stringify(span.text)} (${span.score.toFixed(4)}), reference ${JSON.stringify(expectedText)} (${expectedScore})`,
    );
  }
  const withheld = unaligned.nullScore - span.score > threshold;
  if (withheld !== expectedNull - expectedScore > threshold) {
    differentDecisions++;
    console.log(
      `decision ${id}: null − best ${(unaligned.nullScore - span.score).toFixed(4)}, reference ${(expectedNull - expectedScore).toFixed(4)}`,
    );
  }
  largestScoreDifference = Math.max(
    largestScoreDifference,
    Math.abs(span.score - expectedScore),
    Math.abs(unaligned.nullScore - expectedNull),
  );
  const gold = answers.map((answer) => answer.text);
  const grown = whole?.spans[0]?.text ?? '';
  if (!withheld && grown !== span.text) alignedOtherwise++;
  exact.push({ gold, predicted: withheld ? '' : span.text });
  aligned.push({ gold, predicted: withheld ? '' : grown });
}
await reader.close();

console.log(`${questions.length} questions, ${dtype ?? ''}, threshold ${threshold}`);
console.log(`different spans: ${differentSpans}, different decisions: ${differentDecisions}`);
console.log(`largest difference of a span or null score: ${largestScoreDifference.toExponential(2)}`);
console.log(`answers that word alignment changes: ${alignedOtherwise}`);
console.log('without word alignment', JSON.stringify(squadMetrics(exact)));
console.log('with word alignment   ', JSON.stringify(squadMetrics(aligned)));

import { readFileSync } from 'node:fs';
import { scaleLinear } from 'd3-scale';
import { html } from '../../../src/evaluation/report/html.js';
import { readMarkdown } from '../../../src/index.js';
import { buildContextWindows } from '../../../src/reader/context-windows.js';
import { DEFAULT_MODEL_FOLDER, DEFAULT_READING, loadTokenizer } from '../../../src/reader/index.js';
import { card } from './card.js';

const DOCUMENT = 'corpora/handbook/operations/install.md';
const QUESTION = 'Which port must be open?';
const WIDTH = 640;
const ROW = 34;

/** Which tokens of a whole document each of its windows holds, as the reader lays them. */
export function windowsFigure(): string {
  const file = `${DEFAULT_MODEL_FOLDER}/tokenizer.json`;
  const tokenizer = loadTokenizer(JSON.parse(readFileSync(file, 'utf8')), file);
  const { text, title } = readMarkdown(readFileSync(DOCUMENT, 'utf8'), { id: DOCUMENT, title: '', uri: '' });
  const [question, preamble, passage] = [QUESTION, title, text].map((part) => tokenizer.encode(part).ids);
  if (question === undefined || preamble === undefined || passage === undefined)
    throw new Error('No tokens.');
  const { maxSequenceLength, stride } = DEFAULT_READING;
  const windows = buildContextWindows(
    { question, preamble, passage },
    tokenizer.pairTemplate,
    maxSequenceLength,
    stride,
  );
  const x = scaleLinear([0, passage.length], [96, WIDTH - 24]);
  const place = (value: number): number => Math.round(10 * x(value)) / 10;
  const bottom = 52 + windows.length * ROW;
  return card({
    width: WIDTH,
    height: bottom + 52,
    title: `${windows.length} windows over ${passage.length} tokens`,
    content: [
      html`<text x="16" y="26"
        >The ${passage.length} tokens of one page, read whole: ${windows.length} windows.</text
      >`,
      windows.map(({ firstToken, passageLength }, i) => {
        const top = 44 + i * ROW;
        return html`<text class="quiet" x="16" y="${top + 16}">window ${i + 1}</text>
          <rect
            class="box"
            x="${place(firstToken)}"
            y="${top}"
            width="${place(firstToken + passageLength) - place(firstToken)}"
            height="22"
            rx="4"
          />
          <text class="code" x="${place(firstToken) + 8}" y="${top + 15}"
            >${firstToken} – ${firstToken + passageLength}</text
          >`;
      }),
      html`<line class="axis" x1="${place(0)}" x2="${place(passage.length)}" y1="${bottom}" y2="${bottom}" />
        <text class="label" x="${place(0)}" y="${bottom + 18}">token 0</text>
        <text class="label" x="${place(passage.length)}" y="${bottom + 18}" text-anchor="end"
          >${passage.length}</text
        >
        <text class="quiet" x="16" y="${bottom + 40}"
          >Neighbours share ${stride} tokens. Every window holds the question and the title, too.</text
        >`,
    ],
  });
}

import { html, type Markup } from '../../../src/evaluation/report/html.js';
import { card } from './card.js';

const BOXES = [
  ['Retriever', 'BM25, or your engine', 'finds passages'],
  ['Reader', 'SQuAD 2.0 network', 'scores spans in each'],
  ['Aggregator', 'null score, profile', 'decides'],
] as const;

const WIDTH = 640;
const BOX = { width: 156, height: 84, top: 34, gap: 42, left: 42 };

/** The pipeline, from a question to an answer or none. */
export function pipelineFigure(): string {
  const left = (i: number): number => BOX.left + i * (BOX.width + BOX.gap);
  const middle = BOX.top + BOX.height / 2;
  const end = left(2) + BOX.width / 2;
  return card({
    width: WIDTH,
    height: 214,
    title: 'Retriever, reader and aggregator',
    content: [
      html`<text class="quiet" x="12" y="22">question</text>`,
      arrow([
        [14, 30],
        [14, middle],
        [BOX.left - 2, middle],
      ]),
      BOXES.map(([name, what, does], i) => [
        html`<rect
            class="box"
            x="${left(i)}"
            y="${BOX.top}"
            width="${BOX.width}"
            height="${BOX.height}"
            rx="6"
          />
          <text class="strong" x="${left(i) + 12}" y="${BOX.top + 26}">${name}</text>
          <text x="${left(i) + 12}" y="${BOX.top + 48}">${what}</text>
          <text class="quiet" x="${left(i) + 12}" y="${BOX.top + 68}">${does}</text>`,
        i === 0
          ? null
          : arrow([
              [left(i) - BOX.gap, middle],
              [left(i) - 2, middle],
            ]),
      ]),
      arrow([
        [end, BOX.top + BOX.height],
        [end, 148],
      ]),
      html`<text x="${end + 70}" y="168" text-anchor="end">answer, with its citation and four numbers</text>
        <text x="${end + 70}" y="192" text-anchor="end"
          >or no answer, with the reason and the best that was rejected</text
        >`,
    ],
  });
}

function arrow(points: readonly (readonly [number, number])[]): Markup {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [beforeX] = points.at(-2) ?? [0, 0];
  const head =
    beforeX === x
      ? `${x - 4},${y - 7} ${x + 4},${y - 7} ${x},${y}`
      : `${x - 7},${y - 4} ${x - 7},${y + 4} ${x},${y}`;
  return html`<polyline class="arrow" points="${points.map((point) => point.join(',')).join(' ')}" />
    <polygon class="head" points="${head}" />`;
}

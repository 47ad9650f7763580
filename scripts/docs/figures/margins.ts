import { scaleLinear } from 'd3-scale';
import { html } from '../../../src/evaluation/report/html.js';
import { createVerbatim } from '../../../src/index.js';
import { card } from './card.js';

const QUESTION = 'How long is the warranty?';
const WIDTH = 640;
const ROW = 26;
const TOP = 84;

/** Span score and null score of every passage that is read for one question, by the plain rule. */
export async function marginsFigure(): Promise<string> {
  await using verbatim = await createVerbatim({ corpus: 'corpora/help-centre', aggregation: 'null-score' });
  const { explanation = [], threshold } = await verbatim.ask(QUESTION, { explain: true });
  const values = explanation.flatMap(({ score, nullScore }) => [score, nullScore]);
  const x = scaleLinear([Math.min(0, ...values), Math.max(...values)], [214, WIDTH - 74]).nice();
  const place = (value: number): number => Math.round(10 * x(value)) / 10;
  const bottom = TOP + explanation.length * ROW;
  const kept = explanation.filter((passage) => passage.kept).length;
  return card({
    width: WIDTH,
    height: bottom + 56,
    title: `${kept} of ${explanation.length} passages are kept`,
    content: [
      html`<text x="16" y="26"
          >“${QUESTION}” — threshold ${threshold.toFixed(3).replace('-', '−')}: ${kept} of
          ${explanation.length} passages are kept.</text
        >
        <rect class="fill-1" x="16" y="40" width="10" height="10" />
        <text class="quiet" x="32" y="50">best span score</text>
        <circle class="fill-2" cx="149" cy="45" r="5" />
        <text class="quiet" x="160" y="50">null score</text>
        <text class="quiet" x="${WIDTH - 16}" y="${TOP - 8}" text-anchor="end">margin</text>`,
      x
        .ticks(6)
        .map(
          (tick) =>
            html`<line class="grid" x1="${place(tick)}" x2="${place(tick)}" y1="${TOP}" y2="${bottom}" />
              <text class="label" x="${place(tick)}" y="${bottom + 18}" text-anchor="middle"
                >${String(tick).replace('-', '−')}</text
              >`,
        ),
      explanation.map(({ bestSpan, score, nullScore, margin, kept: isKept }, i) => {
        const y = TOP + i * ROW + ROW / 2;
        const [from, to] = [score, nullScore].map(place).sort((a, b) => a - b);
        return html`<text class="${isKept ? 'strong' : 'quiet'}" x="16" y="${y + 4}"
            >${shorten(bestSpan, 28)}</text
          >
          <line class="axis" x1="${from}" x2="${to}" y1="${y}" y2="${y}" />
          <rect class="fill-1" x="${place(score) - 5}" y="${y - 5}" width="10" height="10" />
          <circle class="fill-2" cx="${place(nullScore)}" cy="${y}" r="5" />
          <text class="${isKept ? 'strong' : 'quiet'}" x="${WIDTH - 16}" y="${y + 4}" text-anchor="end"
            >${margin.toFixed(1).replace('-', '−')}</text
          >`;
      }),
      html`<text class="quiet" x="16" y="${bottom + 42}"
        >One row a passage, in the order of retrieval; the best span of each. Bold: kept.</text
      >`,
    ],
  });
}

function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

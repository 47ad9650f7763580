import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html, type Content, type Markup } from './html.js';

export interface Axis {
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly format: (value: number) => string;
}

/** Maps a value to its place in the drawing. */
export type Scale = ScaleLinear<number, number>;

export interface Chart {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, for those who do not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly draw: (x: Scale, y: Scale) => Content;
}

/** Drawn at the width of a small telephone, so that the letters stay readable there. */
const WIDTH = 320;
const HEIGHT = 260;
const MARGIN = { top: 34, right: 20, bottom: 46, left: 44 };

/** A drawing with axes, in the colours of the page's style sheet. */
export function chart({ id, title, description, x, y, draw }: Chart): Markup {
  const across = scaleLinear(x.domain, [MARGIN.left, WIDTH - MARGIN.right]);
  const up = scaleLinear(y.domain, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const bottom = HEIGHT - MARGIN.bottom;
  const columns = across
    .ticks(5)
    .map(
      (tick) =>
        html`<text x="${place(across, tick)}" y="${bottom + 18}" text-anchor="middle"
          >${x.format(tick)}</text
        >`,
    );
  const rows = up
    .ticks(5)
    .map(
      (tick) =>
        html`<line
            class="grid"
            x1="${MARGIN.left}"
            x2="${WIDTH - MARGIN.right}"
            y1="${place(up, tick)}"
            y2="${place(up, tick)}"
          />
          <text x="${MARGIN.left - 6}" y="${place(up, tick) + 4}" text-anchor="end">${y.format(tick)}</text>`,
    );
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-labelledby="${id}-title ${id}-description"
  >
    <title id="${id}-title">${title}</title>
    <desc id="${id}-description">${description}</desc>
    ${rows}${columns}
    <line class="axis" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${bottom}" y2="${bottom}" />
    <text
      class="label"
      x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}"
      y="${HEIGHT - 6}"
      text-anchor="middle"
    >
      ${x.label}
    </text>
    <text class="label" x="2" y="14">${y.label}</text>
    ${draw(across, up)}
  </svg>`;
}

/** Where a value is drawn, to a tenth of a unit: more digits would only make the page longer. */
export function place(scale: Scale, value: number): number {
  return Math.round(10 * scale(value)) / 10;
}

/** A line through points, in one of the styles series-1 to series-4. */
export function polyline(
  points: readonly (readonly [number, number])[],
  [x, y]: readonly [Scale, Scale],
  series: number,
): Markup {
  const path = line<readonly [number, number]>(
    ([value]) => place(x, value),
    ([, value]) => place(y, value),
  )(points);
  return html`<path class="series series-${series}" d="${path ?? ''}" />`;
}

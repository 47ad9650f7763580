import { html, type Content, type Markup } from '../../../src/evaluation/report/html.js';

/**
 * Colours of a figure, light and dark. A figure that is shown as a picture cannot see the page around it, so it brings its own ground and
 * ink along: whichever of the two schemes the reader's system chooses, both change together.
 */
const STYLE = `
svg { color-scheme: light dark; --ground: #ffffff; --edge: #d0d5dc; --ink: #1c1d20; --quiet: #565b64;
  --one: #1f5fae; --two: #b3520a; --three: #1a7a4d; --four: #7a3ea3; --fill: #e8eef7; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #1b1e22; --edge: #3a4049; --ink: #ececea; --quiet: #abb1ba;
    --one: #82b5f3; --two: #f2a964; --three: #66cb99; --four: #cda2ec; --fill: #26323f; }
}
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
.quiet, .label { fill: var(--quiet); font-size: 12px; }
.strong { font-weight: 600; }
.code { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: 12px; }
.ground { fill: var(--ground); stroke: var(--edge); }
.box { fill: var(--fill); stroke: var(--one); }
.grid { stroke: var(--edge); }
.axis, .arrow { stroke: var(--quiet); fill: none; }
.head { fill: var(--quiet); }
.marker, .reference { stroke: var(--quiet); stroke-dasharray: 4 3; fill: none; }
.point, .bar { fill: var(--one); }
.series { fill: none; stroke-width: 2; }
.series-1 { stroke: var(--one); } .series-2 { stroke: var(--two); stroke-dasharray: 7 3; }
.series-3 { stroke: var(--three); stroke-dasharray: 2 3; } .series-4 { stroke: var(--four); stroke-dasharray: 9 3 2 3; }
.fill-1 { fill: var(--one); } .fill-2 { fill: var(--two); } .fill-3 { fill: var(--three); } .fill-4 { fill: var(--four); }
`;

export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly content: Content;
}

/** A whole SVG file. */
export function card({ width, height, title, content }: Figure): string {
  const markup: Markup = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
  >
    <title>${title}</title>
    <style>
      ${STYLE}
    </style>
    <rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" />
    ${content}
  </svg>`;
  return `${markup.source.replaceAll(/\n\s*/g, '\n').replaceAll(/\n+/g, '\n')}\n`;
}

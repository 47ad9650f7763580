// Runs commands of the README and draws them as a terminal that shows when each line came: docs/images/terminal.svg. A reader who wants no
// motion sees the end of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { html, type Markup } from '../../src/evaluation/report/html.js';

const COMMANDS = [
  'npx verbatim ask "How long is the warranty?"',
  'npx verbatim ask "Who composed the opera about the thermostat?"',
];
const OUT = 'docs/images/terminal.svg';

const COLUMNS = 102;
const LINE = 19;
const LETTER = 7.83;
const PADDING = 16;
/** Seconds that a person takes to type a letter, and to read before typing on. */
const TYPING = 0.035;
const READING = 2.5;

interface Line {
  readonly text: string;
  /** Seconds after the beginning. */
  readonly at: number;
  /** Seconds that typing it takes; 0 for what a program prints. */
  readonly typed: number;
}

const lines: Line[] = [];
let now = 0.8;
for (const command of COMMANDS) {
  const typed = command.length * TYPING;
  lines.push({ text: `$ ${command}`, at: now, typed });
  now += typed;
  const printed = await record(command);
  lines.push(...printed.map(({ text, at }) => ({ text, at: now + at, typed: 0 })));
  now += (printed.at(-1)?.at ?? 0) + READING;
}
writeFileSync(OUT, draw(lines));

/** Runs a command; when each of its lines came, in seconds. */
async function record(command: string): Promise<{ readonly text: string; readonly at: number }[]> {
  const began = performance.now();
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] });
  const printed: { readonly text: string; readonly at: number }[] = [];
  let open = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (open + chunk).split('\n');
    open = parts.pop() ?? '';
    const at = (performance.now() - began) / 1000;
    printed.push(...parts.map((text) => ({ text, at })));
  });
  await once(child, 'close');
  return [...printed, { text: '', at: printed.at(-1)?.at ?? 0 }];
}

function draw(recorded: readonly Line[]): string {
  const rows = recorded.flatMap(({ text, at, typed }) =>
    wrap(text).map((part) => ({ text: part, at, typed })),
  );
  const width = Math.round(COLUMNS * LETTER) + 2 * PADDING;
  const height = rows.length * LINE + 2 * PADDING;
  const row = ({ text, at, typed }: Line, i: number): Markup => {
    const y = PADDING + (i + 1) * LINE - 5;
    const style =
      typed === 0
        ? `animation-delay:${at.toFixed(2)}s`
        : `animation-delay:${at.toFixed(2)}s;animation-duration:${typed.toFixed(2)}s;animation-timing-function:steps(${text.length})`;
    return html`<text class="${typed === 0 ? 'printed' : 'typed'}" style="${style}" x="${PADDING}" y="${y}"
      >${text}</text
    >`;
  };
  const markup = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
  >
    <title>A terminal: ${COMMANDS.join('; ')}</title>
    <style>
      text {
        font:
          13px ui-monospace,
          SFMono-Regular,
          Menlo,
          'DejaVu Sans Mono',
          monospace;
        fill: #e6e8eb;
        white-space: pre;
      }
      .typed {
        fill: #8fd3a8;
      }
      @media (prefers-reduced-motion: no-preference) {
        .printed {
          opacity: 0;
          animation: print 0.01s linear both;
        }
        .typed {
          animation: type 1s linear both;
        }
      }
      @keyframes print {
        from {
          opacity: 0;
        }
        to {
          opacity: 1;
        }
      }
      @keyframes type {
        from {
          clip-path: inset(0 100% 0 0);
        }
        to {
          clip-path: inset(0 0 0 0);
        }
      }
    </style>
    <rect width="${width}" height="${height}" rx="8" fill="#16191d" />
    ${rows.filter(({ text }) => text !== '').map((line) => row(line, rows.indexOf(line)))}
  </svg>`;
  return `${markup.source.replaceAll(/>\n\s*</g, '>\n<')}\n`;
}

/** A line as a terminal of so many columns shows it. */
function wrap(text: string): string[] {
  const letters = Array.from(text);
  if (letters.length === 0) return [''];
  return Array.from({ length: Math.ceil(letters.length / COLUMNS) }, (_, i) =>
    letters.slice(i * COLUMNS, (i + 1) * COLUMNS).join(''),
  );
}

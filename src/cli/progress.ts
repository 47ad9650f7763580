import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** How long work may go on before a bar appears. */
const DELAY_MS = 500;

/** A progress bar on standard error: only on a terminal, and only for work that takes more than half a second. */
export function progressBar(label: string, unit: string): Progress {
  const began = Date.now();
  let bar: SingleBar | undefined;
  return {
    update(done, total) {
      if (!process.stderr.isTTY || Date.now() - began < DELAY_MS) return;
      if (bar === undefined) {
        bar = new SingleBar(
          {
            format: `${label} {bar} {value}/{total} ${unit} · {rate}/s · {eta_formatted} left`,
            stream: process.stderr,
            clearOnComplete: true,
            hideCursor: true,
            gracefulExit: true,
            etaBuffer: 200,
          },
          Presets.shades_classic,
        );
        bar.start(total, done, { rate: '–' });
      }
      bar.update(done, { rate: ((1000 * done) / (Date.now() - began)).toFixed(1) });
    },
    stop() {
      bar?.stop();
    },
  };
}

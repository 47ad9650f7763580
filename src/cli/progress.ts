import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** How long work may go on before a bar appears. */
const DELAY_MS = 500;

/**
 * A progress bar on standard error: only on a terminal, and only for work that takes more than half a second.
 *
 * @param unitSize how many of what is counted make one unit: 1,000,000 bytes are one MB.
 */
export function progressBar(label: string, unit: string, unitSize = 1): Progress {
  const began = Date.now();
  const shown = (count: number): string => (unitSize === 1 ? String(count) : (count / unitSize).toFixed(1));
  // Work that was done before this bar does not count into its rate.
  let before: number | undefined;
  let bar: SingleBar | undefined;
  return {
    update(done, total) {
      before ??= done;
      if (!process.stderr.isTTY || Date.now() - began < DELAY_MS) return;
      if (bar === undefined) {
        bar = new SingleBar(
          {
            format: `${label} {bar} {shown} ${unit} · {rate}/s · {eta_formatted} left`,
            stream: process.stderr,
            clearOnComplete: true,
            hideCursor: true,
            gracefulExit: true,
            etaBuffer: 200,
          },
          Presets.shades_classic,
        );
        bar.start(total, done, { rate: '–', shown: `${shown(done)}/${shown(total)}` });
      }
      const rate = (1000 * (done - before)) / unitSize / (Date.now() - began);
      bar.update(done, { rate: rate.toFixed(1), shown: `${shown(done)}/${shown(total)}` });
    },
    stop() {
      bar?.stop();
    },
  };
}

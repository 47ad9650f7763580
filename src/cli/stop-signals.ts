import { constants } from 'node:os';

export interface Interrupt {
  /** Aborted with the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  forget(): void;
}

/** Takes the first SIGINT as a request to stop; the second ends the process as if nobody listened. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const onInterrupt = (): void => controller.abort();
  process.once('SIGINT', onInterrupt);
  return { signal: controller.signal, forget: () => process.off('SIGINT', onInterrupt) };
}

export interface StopSignals {
  /** Aborted with the first signal. */
  readonly signal: AbortSignal;
  /** Fulfilled with the first signal. */
  readonly asked: Promise<void>;
  /** Stops listening. */
  forget(): void;
}

/**
 * Takes the first SIGTERM or SIGINT as a request to stop; the second ends the process at once.
 *
 * @param clean - called before the second ends the process.
 */
export function listenForStop(clean: () => void): StopSignals {
  const controller = new AbortController();
  const asked = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve());
  });
  const forget = (): void => {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  };
  const onSignal = (name: 'SIGTERM' | 'SIGINT'): void => {
    if (!controller.signal.aborted) {
      controller.abort();
      return;
    }
    clean();
    forget();
    // Not by exiting: that ends reader threads in the middle of a run, which aborts the process.
    process.kill(process.pid, name);
    // The first process of a container outlives a signal that it does not handle.
    process.exit(128 + constants.signals[name]);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return { signal: controller.signal, asked, forget };
}

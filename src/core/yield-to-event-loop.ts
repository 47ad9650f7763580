/** Longest stretch of work between two breaks, in milliseconds. */
const SLICE_MS = 8;

/**
 * Lets timers and I/O run in the middle of long work: `await breather()` returns at once while the current stretch of work is
 * short, and otherwise only after the event loop has had its turn.
 */
export function createBreather(): () => Promise<void> | undefined {
  let began = performance.now();
  return () => {
    if (performance.now() - began < SLICE_MS) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        began = performance.now();
        resolve();
      }, 0),
    );
  };
}

import { received, requireInteger, VerbatimError } from '../core/errors.js';

/** The smallest modules that need a feature: a vector constant, an atomic load of shared memory. */
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
];
const ATOMICS = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0, 254,
  16, 2, 0, 26, 11,
];

const MOST_DEFAULT_THREADS = 4;

/** @throws VerbatimError `browser-unsupported` if the browser cannot run the network, before anything large is fetched. */
export function requireWebAssembly(): void {
  const missing =
    typeof WebAssembly === 'undefined'
      ? 'WebAssembly'
      : (
          [
            ['WebAssembly SIMD', SIMD],
            ['WebAssembly atomics', ATOMICS],
          ] as const
        ).find(([, module]) => !WebAssembly.validate(Uint8Array.from(module)))?.[0];
  if (missing === undefined) return;
  throw new VerbatimError(
    'browser-unsupported',
    `This browser has no ${missing}; Chrome 91, Firefox 89, Safari 16.4 and later have it.`,
  );
}

/**
 * How many threads run the network. Threads share memory, which browsers allow only to pages that are cross-origin isolated.
 *
 * @param wanted - undefined: one a core, at most 4, where there may be threads.
 * @throws VerbatimError `invalid-option` for a number out of range, and for several where there may be only one.
 */
export function threadCount(wanted: number | undefined): number {
  const mayShare = globalThis.crossOriginIsolated;
  if (wanted === undefined)
    return mayShare ? Math.min(navigator.hardwareConcurrency, MOST_DEFAULT_THREADS) : 1;
  if (requireInteger('threads', wanted, 1, 64) > 1 && !mayShare) {
    throw new VerbatimError(
      'invalid-option',
      `Expected threads to be 1 on a page that is not cross-origin isolated, got ${received(wanted)}.`,
    );
  }
  return wanted;
}

/**
 * A generator of numbers in [0, 1) that gives the same sequence for the same seed everywhere: mulberry32 (T. Ettinger, 2017,
 * public domain). Good enough to resample with, not for secrets.
 *
 * @param seed - 32 bits of it count.
 */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

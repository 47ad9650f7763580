/** Items that are worked on at once, so that every worker of the reader has something to do. */
const CONCURRENCY = 16;

/** Works on every item, several at once, begun in their order; begins no other once the signal is aborted. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = items.values();
  const workOneAfterAnother = async (): Promise<void> => {
    for (const item of waiting) {
      if (signal?.aborted === true) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, workOneAfterAnother));
}

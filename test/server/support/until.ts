/** Asks again and again, and waits at most ten seconds, until something holds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('Waited for ten seconds in vain.');
  }
}

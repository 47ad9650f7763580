const WORDS = ['hub', 'reset', 'plug', 'light', 'warranty', 'router', 'seven', 'days'];

/**
 * A change that follows from its number: mostly a few documents in and out, at times many at once, at times compaction.
 *
 * @param {number} number
 */
export function changeOf(number) {
  let state = (number + 1) * 2654435761;
  const next = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const kind = next(10);
  if (kind === 0) return 'compact';
  const count = kind === 1 ? 300 : 1 + next(8);
  const upsert = Array.from({ length: count }, () => {
    const id = `d${next(400)}`;
    const text = Array.from({ length: 5 + next(60) }, () => WORDS[next(WORDS.length)]).join(' ');
    const block = { kind: 'paragraph', headings: [], start: 0, end: text.length };
    return { id, title: `change ${number}`, uri: '', text, blocks: [block], anchors: [] };
  });
  return { upsert, remove: Array.from({ length: next(4) }, () => `d${next(400)}`) };
}

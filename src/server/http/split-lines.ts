const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One line of a body; without bytes if it is longer than allowed. */
export interface BodyLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

/**
 * The lines of a body as they come: all that a chunk completes together, so that what has arrived never waits for what has not. Of a
 * line that is too long no more than a chunk is ever held.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<BodyLine[], void, undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > maxBytes) parts = [];
    else parts.push(part);
  };
  const take = (): BodyLine => {
    const bytes = length > maxBytes ? undefined : withoutReturn(Buffer.concat(parts));
    parts = [];
    length = 0;
    return { number: ++number, bytes };
  };
  for await (const chunk of chunks) {
    const lines: BodyLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      lines.push(take());
      start = end + 1;
    }
    add(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}

function withoutReturn(line: Buffer): Uint8Array {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

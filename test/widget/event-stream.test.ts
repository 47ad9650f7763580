import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents, type ServerSentEvent } from '../../src/widget/event-stream.js';

/** The text in pieces that end at these bytes. */
function streamOf(text: string, cuts: readonly number[] = []): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  return new ReadableStream({
    start(controller) {
      let start = 0;
      for (const end of ends) {
        controller.enqueue(bytes.slice(start, end));
        start = Math.max(start, end);
      }
      controller.close();
    },
  });
}

async function eventsOf(stream: ReadableStream<Uint8Array>): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

describe('readEvents', () => {
  it('reads names, data of several lines, and events without a name', async () => {
    const text = 'event: answer\ndata: a\ndata:b\n\n: a comment\nid: 1\nretry: 5\n\ndata:  c\n\n';
    expect(await eventsOf(streamOf(text))).toEqual([
      { event: 'answer', data: 'a\nb' },
      { event: 'message', data: ' c' },
    ]);
  });

  it('does not take what the stream breaks off in for an event', async () => {
    expect(await eventsOf(streamOf('event: answer\ndata: {"a"'))).toEqual([]);
    expect(await eventsOf(streamOf('event: answer\ndata: {}\n'))).toEqual([]);
  });

  it('reads the same however the bytes come, with any line end', async () => {
    const end = fc.constantFrom('\n', '\r', '\r\n');
    await fc.assert(
      fc.asyncProperty(end, fc.array(fc.nat(60), { maxLength: 8 }), async (lineEnd, cuts) => {
        const text = ['event: a', 'data: é😀', '', 'data: 1', 'data: 2', '', ''].join(lineEnd);
        expect(
          await eventsOf(
            streamOf(
              text,
              cuts.filter((cut) => cut < text.length),
            ),
          ),
        ).toEqual([
          { event: 'a', data: 'é😀' },
          // A carriage return at the very end may be half of a line end that never comes.
          ...(lineEnd === '\r' ? [] : [{ event: 'message', data: '1\n2' }]),
        ]);
      }),
    );
  });

  it('cancels the stream when nobody reads on', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => void (cancelled = true),
    });
    for await (const { data } of readEvents(stream)) {
      expect(data).toBe('x');
      break;
    }
    expect(cancelled).toBe(true);
  });
});

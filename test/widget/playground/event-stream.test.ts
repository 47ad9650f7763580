import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf, type ServerEvent } from '../../../src/widget/playground/event-stream.js';

async function read(text: string, cuts: readonly number[] = []): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      places.slice(1).forEach((end, i) => controller.enqueue(bytes.slice(places[i], end)));
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(body)) events.push(event);
  return events;
}

describe('a stream of events', () => {
  it('is the same however the network cuts it', async () => {
    const text = 'event: candidate\ndata: {"a":"😀 é"}\n\nevent: answer\ndata: {}\n\n';
    const expected = [
      { name: 'candidate', data: '{"a":"😀 é"}' },
      { name: 'answer', data: '{}' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (cuts) => {
        expect(await read(text, cuts)).toEqual(expected);
      }),
    );
  });

  it('may have comments, data of several lines, and other line ends', async () => {
    expect(await read(': hello\n\ndata: a\ndata:b\r\n\r\nevent: x\r\ndata: c\r\n\r\n')).toEqual([
      { name: 'message', data: 'a\nb' },
      { name: 'x', data: 'c' },
    ]);
  });

  it('gives no event that was cut off', async () => {
    expect(await read('data: a\n\nevent: answer\ndata: {"kind"')).toEqual([{ name: 'message', data: 'a' }]);
  });
});

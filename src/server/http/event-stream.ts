import type { Request, Response } from 'express';

/** Whether a client would rather be told of progress than get JSON at the end. */
export function wantsEvents(req: Request): boolean {
  return req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

/** Server-sent events. It opens with the first one, so that what goes wrong before is an error response as any other. */
export class EventStream {
  readonly #res: Response;
  #isOpen = false;

  constructor(res: Response) {
    this.#res = res;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(event: string, data: object): void {
    if (!this.#isOpen) this.#open();
    // JSON has no line break outside its escapes, so that one data line holds it.
    this.#res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    if (this.#isOpen) this.#res.end();
  }

  #open(): void {
    this.#isOpen = true;
    this.#res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      // Asks nginx not to hold events back.
      'X-Accel-Buffering': 'no',
    });
  }
}

import type { Response } from 'express';
import { ClientGone, HttpProblem } from './problem.js';

/** Aborts a request's work when the client is gone, or when it takes too long. */
export class WorkSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #res: Response;
  readonly #limitMs: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #onClose = (): void => {
    if (!this.#res.writableFinished) this.#controller.abort(new ClientGone());
  };

  constructor(res: Response, limitMs: number) {
    this.#res = res;
    this.#limitMs = limitMs;
    // The client may have left while its body was read.
    if (res.closed) this.#onClose();
    else res.once('close', this.#onClose);
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives a stream that moves the whole time again. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () =>
        this.#controller.abort(
          new HttpProblem('request-timeout', `The request took more than ${this.#limitMs} ms.`),
        ),
      this.#limitMs,
    );
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#res.off('close', this.#onClose);
  }
}

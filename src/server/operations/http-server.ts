import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { isIPv6, type AddressInfo, type Socket } from 'node:net';
import { VerbatimError } from '../../core/errors.js';
import { NDJSON_TYPE } from '../http/media-types.js';
import type { ServerSettings } from './settings.js';

/** How often it is looked for headers that take too long to arrive. */
const CHECK_MS = 1_000;
/** Room for the longest document id: 2,048 characters of which each may take nine when it is percent-encoded. */
const MAX_HEADER_BYTES = 32_768;
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens on that port; choose another one with --port',
  EACCES: 'this user may not listen on that port; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'that address is none of this machine; choose another one with --host',
  ENOTFOUND: 'there is no such host; choose another one with --host',
};

/** Listens, keeps clients that dawdle from holding it up, and ends without cutting off an answer. */
export class HttpServer {
  readonly #server: Server;
  /** Open connections, with what is being answered on each. Node counts a new one as busy, although nobody may ever use it. */
  readonly #running = new Map<Socket, Set<ServerResponse>>();
  #isClosing = false;

  constructor(
    settings: Pick<ServerSettings, 'headersMs' | 'receiveMs' | 'keepAliveMs' | 'maxConnections'>,
    listener: RequestListener,
  ) {
    const { headersMs, receiveMs, keepAliveMs, maxConnections } = settings;
    this.#server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: headersMs,
        // Node's limit would cut off a stream of documents, too, however fast it comes.
        requestTimeout: 0,
        keepAliveTimeout: keepAliveMs,
        connectionsCheckingInterval: CHECK_MS,
      },
      (request, response) => {
        const { socket } = request;
        limitBody(request, response, receiveMs);
        this.#running.get(socket)?.add(response);
        response.once('close', () => this.#finished(socket, response));
        if (this.#isClosing) response.setHeader('Connection', 'close');
        listener(request, response);
      },
    );
    this.#server.maxConnections = maxConnections;
    this.#server.on('connection', (socket: Socket) => {
      this.#running.set(socket, new Set());
      socket.once('close', () => this.#running.delete(socket));
    });
  }

  /**
   * Begins to listen.
   *
   * @returns the server's URL, with the port that was taken.
   * @throws VerbatimError `address-unavailable`, naming host and port.
   */
  async listen({ host, port }: Pick<ServerSettings, 'host' | 'port'>): Promise<string> {
    const shownHost = isIPv6(host) ? `[${host}]` : host;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const reason = LISTEN_ERRORS[error.code ?? ''] ?? error.message;
        const message = `Cannot listen on ${shownHost}:${port}: ${reason}.`;
        reject(new VerbatimError('address-unavailable', message, error));
      });
      this.#server.listen(port, host, resolve);
    });
    return `http://${shownHost}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Takes no more connections, lets requests that run finish, and cuts off those that have not finished in time. */
  async close(withinMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const [socket, responses] of this.#running) {
      if (responses.size === 0) socket.destroy();
      for (const response of responses) {
        if (!response.headersSent) response.setHeader('Connection', 'close');
      }
    }
    const deadline = setTimeout(() => this.#server.closeAllConnections(), withinMs);
    await closed;
    clearTimeout(deadline);
  }

  #finished(socket: Socket, response: ServerResponse): void {
    const responses = this.#running.get(socket);
    responses?.delete(response);
    // A response that had begun before did not say that it is the last on its connection.
    if (this.#isClosing && responses?.size === 0) socket.destroySoon();
  }
}

/** Cuts off a client whose body takes too long; a stream's own route sees to it that it moves. */
function limitBody(request: IncomingMessage, response: ServerResponse, withinMs: number): void {
  if (NDJSON_TYPE.test(request.headers['content-type'] ?? '')) return;
  const timer = setTimeout(() => {
    if (request.complete) return;
    if (!response.headersSent) request.socket.write(TOO_SLOW);
    request.socket.destroySoon();
  }, withinMs);
  request.once('close', () => clearTimeout(timer));
}

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What can go wrong with one file, at the hub itself or at the content network that it redirects large files to. */
export type Fault =
  /** Another answer than the file. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection breaks after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The body stops after so many bytes, and the connection stays open. */
  | { readonly kind: 'stall'; readonly after: number }
  /** One byte of the body is wrong. */
  | { readonly kind: 'damage' }
  /** One byte more is announced than there is. */
  | { readonly kind: 'wrong-size' }
  /** The whole file comes, whatever range was asked for. */
  | { readonly kind: 'no-ranges' }
  /** The hub redirects to here. */
  | { readonly kind: 'redirect'; readonly to: string };

export interface LoggedRequest {
  readonly origin: 'hub' | 'content';
  readonly method: string;
  /** File of the repository. */
  readonly file: string;
  readonly url: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface HubServerOptions {
  /** Id of the one repository. @defaultValue 'acme/reader' */
  readonly repository?: string;
  /** Content of its files by path. Those ending in .onnx are large files: the hub redirects them to a second origin. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** Token without which nothing is answered. */
  readonly token?: string;
}

export const COMMIT = 'c0ffee0000000000000000000000000000000000';

/** A model hub on this machine, speaking over real HTTP. */
export class HubServer {
  readonly requests: LoggedRequest[] = [];
  readonly repository: string;
  /** Commit that the branch main is at. */
  commit = COMMIT;
  files: Record<string, Uint8Array>;
  readonly #token: string | undefined;
  readonly #faults: { file: string; fault: Fault; times: number }[] = [];
  #hub = '';
  #content = '';

  constructor(options: HubServerOptions) {
    this.repository = options.repository ?? 'acme/reader';
    this.#token = options.token;
    this.files = Object.fromEntries(
      Object.entries(options.files).map(([name, content]) => [name, Buffer.from(content)]),
    );
  }

  /** Starts a hub that ends with the test. */
  static async start(options: HubServerOptions): Promise<HubServer> {
    const hub = new HubServer(options);
    hub.#hub = await listen((request, response) => hub.#answerHub(request, response));
    hub.#content = await listen((request, response) => hub.#answerContent(request, response));
    return hub;
  }

  get endpoint(): string {
    return this.#hub;
  }

  /** Makes the next answers with a file go wrong; of a large file, a body comes from the content network. */
  fail(file: string, fault: Fault, times = 1): void {
    this.#faults.push({ file, fault, times });
  }

  /** Requests for bodies, as "file range". */
  bodies(): string[] {
    return this.requests
      .filter(({ method, file, origin }) => method === 'GET' && (origin === 'content' || !isLarge(file)))
      .map(({ file, range }) => (range === undefined ? file : `${file} ${range}`));
  }

  #take<K extends Fault['kind']>(file: string, ...kinds: K[]): Extract<Fault, { kind: K }> | undefined {
    const entry = this.#faults.find(
      (candidate) =>
        candidate.file === file && candidate.times > 0 && (kinds as string[]).includes(candidate.fault.kind),
    );
    if (entry === undefined) return undefined;
    entry.times--;
    return entry.fault as Extract<Fault, { kind: K }>;
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.#hub);
    const prefix = `/${this.repository}/resolve/`;
    const [revision = '', ...parts] = url.pathname.startsWith(prefix)
      ? url.pathname.slice(prefix.length).split('/').map(decodeURIComponent)
      : [];
    const file = parts.join('/');
    this.#log('hub', request, file);
    if (this.#token !== undefined && request.headers.authorization !== `Bearer ${this.#token}`) {
      end(response, 401);
      return;
    }
    const failure = this.#take(file, 'status', 'redirect');
    if (failure?.kind === 'status') {
      end(response, failure.status, failure.headers);
      return;
    }
    if (failure?.kind === 'redirect') {
      end(response, 302, { location: failure.to });
      return;
    }
    const content = this.files[file];
    if (content === undefined || !['main', 'v2', this.commit].includes(revision)) {
      end(response, 404);
      return;
    }
    const common = { 'x-repo-commit': this.commit };
    if (isLarge(file)) {
      const size = content.length + (this.#take(file, 'wrong-size') === undefined ? 0 : 1);
      {
        end(response, 302, {
          ...common,
          location: `${this.#content}/${encodeURIComponent(file)}?signature=secret`,
          'x-linked-size': String(size),
          'x-linked-etag': `"${sha256(content)}"`,
        });
        return;
      }
    }
    this.#sendFile(request, response, file, content, { ...common, etag: `"${gitBlobId(content)}"` });
  }

  #answerContent(request: IncomingMessage, response: ServerResponse): void {
    const file = decodeURIComponent(new URL(request.url ?? '', this.#content).pathname.slice(1));
    this.#log('content', request, file);
    const content = this.files[file];
    // As signed addresses are: good for GET only.
    if (content === undefined || request.method !== 'GET') {
      end(response, 403);
      return;
    }
    this.#sendFile(request, response, file, content, {});
  }

  #sendFile(
    request: IncomingMessage,
    response: ServerResponse,
    file: string,
    content: Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): void {
    if (request.method === 'HEAD') {
      response.writeHead(200, { ...headers, 'content-length': content.length }).end();
      return;
    }
    const fault = this.#take(file, 'cut', 'stall', 'damage', 'no-ranges');
    const asked = fault?.kind === 'no-ranges' ? undefined : request.headers.range;
    const start = Number(/^bytes=(\d+)-$/.exec(asked ?? '')?.[1] ?? 0);
    if (start >= content.length) {
      end(response, 416);
      return;
    }
    const body = Buffer.from(content.subarray(start));
    if (fault?.kind === 'damage') body[0] = (body[0] ?? 0) ^ 1;
    response.writeHead(asked === undefined ? 200 : 206, {
      ...headers,
      'content-length': body.length,
      ...(asked === undefined
        ? {}
        : { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    if (fault?.kind === 'cut') {
      response.write(body.subarray(0, fault.after), () => response.destroy());
    } else if (fault?.kind === 'stall') {
      response.write(body.subarray(0, fault.after));
    } else {
      response.end(body);
    }
  }

  #log(origin: LoggedRequest['origin'], request: IncomingMessage, file: string): void {
    const { range, authorization } = request.headers;
    const { method = '', url = '' } = request;
    this.requests.push({ origin, method, file, url, range, authorization });
  }
}

/** Files of a model that is good enough to be pulled, not to be run. */
export function fakeModel(weights: Uint8Array = randomBytes(300_000)): Record<string, Uint8Array | string> {
  return {
    'config.json': JSON.stringify({
      architectures: ['BertForQuestionAnswering'],
      model_type: 'bert',
      num_hidden_layers: 2,
      hidden_size: 32,
      max_position_embeddings: 128,
    }),
    'tokenizer.json': JSON.stringify({ model: { type: 'WordPiece', vocab: {} } }),
    'tokenizer_config.json': JSON.stringify({ model_max_length: 1e30 }),
    'onnx/model_quantized.onnx': weights,
  };
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The etag that the hub gives a small file. */
function gitBlobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function isLarge(file: string): boolean {
  return file.endsWith('.onnx');
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, headers).end();
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

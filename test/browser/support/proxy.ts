import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One exchange that a proxy may have its own way with. */
export interface Passing {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /**
   * Passes the request on, and what comes back.
   *
   * @param each - gets every event, or piece, of the body before it is passed on, and may hold it up; false breaks the connection off instead.
   */
  readonly forward: (each?: (chunk: string) => Promise<boolean> | boolean) => Promise<void>;
}

export interface Proxy {
  readonly url: string;
  close(): void;
}

/** A proxy before a server, as networks put one there, that fails as those do. */
export async function startProxy(
  target: string,
  handle: (passing: Passing) => Promise<void> | void,
): Promise<Proxy> {
  const server = createServer((req, res) => {
    const forward: Passing['forward'] = async (each = () => true) => {
      const outgoing = request(target + (req.url ?? ''), { method: req.method, headers: req.headers });
      req.pipe(outgoing);
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      res.writeHead(incoming.statusCode ?? 502, incoming.headers);
      for await (const chunk of incoming) {
        // Events that came in one piece are passed on one by one.
        for (const event of (chunk as Buffer).toString('latin1').split(/(?<=\n\n)/)) {
          if (!(await each(event))) {
            res.destroy();
            outgoing.destroy();
            return;
          }
          res.write(event, 'latin1');
        }
      }
      res.end();
    };
    // A client that leaves is none of a proxy's errors.
    void Promise.resolve(handle({ req, res, forward })).catch(() => res.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

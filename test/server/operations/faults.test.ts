import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startServerProcess, type ServerProcess } from '../../support/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const QUESTION = 'How long is the warranty?';
/** Lets a signal end a reader thread of the server. */
const MORTAL_WORKERS = fileURLToPath(new URL('../../support/mortal-workers.mjs', import.meta.url));
/** Enough reading that a signal certainly comes in its midst. */
const LONG_READ = {
  question: QUESTION,
  passages: Array.from({ length: 100 }, (_, i) => ({
    id: String(i),
    text: `Lamp ${i} has a warranty of two years, and the plug has one of three. `.repeat(5),
  })),
};

async function connectTo(server: ServerProcess): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('a server that is stopped', () => {
  it('finishes the request that runs, and refuses others', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const running = server.call('/v1/read', LONG_READ);
    await reading(server);
    server.child.kill('SIGTERM');
    await expect.poll(() => server.stdout()).toContain('"stopping"');
    await expect(server.call('/health')).rejects.toThrow();
    const response = await running;
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    expect(await response.json()).toMatchObject({ kind: 'answer' });
    expect(await server.ended).toBe(0);
  });

  it('cuts off what does not finish within --shutdown-ms', async () => {
    const server = await startServerProcess(['--workers', '1', '--shutdown-ms', '0']);
    const running = server.call('/v1/read', LONG_READ).catch(() => 'cut off');
    await reading(server);
    server.child.kill('SIGTERM');
    expect(await running).toBe('cut off');
    expect(await server.ended).toBe(0);
  });

  it('ends at once, and cleans up, when it is told twice', async () => {
    const TMPDIR = temporaryFolder();
    const server = await startServerProcess(['--workers', '1'], { env: { TMPDIR } });
    const running = server.call('/v1/read', LONG_READ).catch(() => 'cut off');
    await reading(server);
    server.child.kill('SIGINT');
    await expect.poll(() => server.stdout()).toContain('"stopping"');
    server.child.kill('SIGINT');
    expect(await running).toBe('cut off');
    expect(await server.ended).toBe('SIGINT');
    expect(readdirSync(TMPDIR)).toEqual([]);
  });
});

/** Waits until the server reads for a request. */
async function reading(server: ServerProcess): Promise<void> {
  await expect
    .poll(async () => (await server.call('/metrics')).text(), { timeout: 10_000 })
    .toMatch(/^verbatim_\w*(?:slots|reading|concurrent)\w* 1$/m);
}

describe('a server that is killed', () => {
  it('has lost nothing that it acknowledged', async () => {
    const index = `${temporaryFolder()}/kb`;
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const server = await startServerProcess([
        '--index',
        index,
        '--workers',
        '1',
        '--requests-per-minute',
        '100000',
      ]);
      const killSoon = sleep(200 + 150 * round).then(() => server.child.kill('SIGKILL'));
      for (let i = 0; !server.child.killed; i++) {
        const id = `${round}-${i}`;
        const put = await server
          .call(`/v1/documents/${id}`, { text: `Document ${id} is about lamps.` }, { method: 'PUT' })
          .catch(() => undefined);
        if (put?.ok === true) acknowledged.add(id);
      }
      await killSoon;
      await server.ended;
    }
    expect(acknowledged.size).toBeGreaterThan(3);
    const server = await startServerProcess([
      '--index',
      index,
      '--workers',
      '1',
      '--requests-per-minute',
      '100000',
    ]);
    for (const id of acknowledged) {
      expect([id, (await server.call(`/v1/documents/${id}`)).status]).toEqual([id, 200]);
    }
  });
});

describe('a server under load', () => {
  it('answers every question although its reader threads end, again and again', async () => {
    const server = await startServerProcess(['--workers', '2', '--cache-entries', '0'], {
      nodeArgs: ['--import', MORTAL_WORKERS],
    });
    const expected = await (await server.call('/v1/answer', { question: QUESTION })).json();
    for (let round = 0; round < 3; round++) {
      server.child.kill('SIGUSR2');
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const response = await server.call('/v1/answer', { question: QUESTION });
          return [response.status, await response.json()];
        }),
      );
      for (const answer of answers) expect(answer).toEqual([200, expected]);
    }
    expect(server.stderr().match(/A reader thread ends\./g)).toHaveLength(3);
  });

  it('still answers among 1,000 idle connections, and stops at once', async () => {
    const server = await startServerProcess(['--workers', '1']);
    const idle = await Promise.all(Array.from({ length: 1000 }, () => connectTo(server)));
    expect((await server.call('/v1/answer', { question: QUESTION })).status).toBe(200);
    const began = Date.now();
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    for (const socket of idle) socket.destroy();
  });

  it('cuts off clients that send their headers in drops, and answers others meanwhile', async () => {
    const server = await startServerProcess(['--workers', '1', '--headers-ms', '1000']);
    const slow = await Promise.all(Array.from({ length: 50 }, () => connectTo(server)));
    for (const socket of slow) socket.write('GET /health HTTP/1.1\r\nHost: a\r\n');
    const trickle = setInterval(() => {
      for (const socket of slow) socket.write('X-A: b\r\n');
    }, 200);
    expect((await server.call('/health')).status).toBe(200);
    const received = await Promise.all(slow.map((socket) => text(socket).catch(() => '')));
    clearInterval(trickle);
    for (const answer of received) expect(answer).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });
});

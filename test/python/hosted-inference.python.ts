import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadReader } from '../../src/index.js';
import { serve } from '../server/support/serve.js';

const VERSION = '1.33.0';
const ENVIRONMENT = path.resolve(`node_modules/.cache/huggingface-hub-${VERSION}`);
const PYTHON = path.join(ENVIRONMENT, 'bin/python');
const COMPLETE = path.join(ENVIRONMENT, 'complete');

const run = promisify(execFile);

interface Answer {
  readonly answer: string;
  readonly slice: string;
  readonly score: number;
}

beforeAll(async () => {
  if (existsSync(COMPLETE)) return;
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', ENVIRONMENT]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  await run(PYTHON, [...install, `huggingface_hub==${VERSION}`]);
  writeFileSync(COMPLETE, '');
});

describe('the endpoint shape of Hugging Face', () => {
  it('is what InferenceClient of huggingface_hub asks, with offsets that slice a Python string', async () => {
    const loaded = await loadReader({ workers: 1 });
    onTestFinished(() => loaded.reader.close());
    const server = (await serve({ reader: loaded })).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/huggingface`;
    const context = '😀 The warranty on every lamp lasts two years. 😀 Returns are free for 30 days.';
    const { stdout } = await run(PYTHON, [
      path.resolve('test/python/ask.py'),
      ...[url, 'How long does the warranty last?', context],
    ]);
    const { one, several } = JSON.parse(stdout) as { one: Answer; several: readonly Answer[] };
    expect(one).toMatchObject({ answer: 'two years', slice: 'two years' });
    expect(several).toHaveLength(3);
    for (const { answer, slice } of several) expect(slice).toBe(answer);
    expect(several[0]).toEqual(one);
  });
});

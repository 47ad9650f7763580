import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';

let url = '';
beforeAll(async () => {
  const child = spawn(process.execPath, ['examples/site-search/site-search.js'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  url = line;
  return async () => {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  };
});

const search = async (question: string): Promise<{ hits: { id: string }[]; answer?: unknown }> =>
  (await (await fetch(`${url}/search?q=${encodeURIComponent(question)}`)).json()) as never;

describe('the example site-search', () => {
  it('answers above its hits', async () => {
    const { hits, answer } = await search('Which battery does the door sensor need?');
    expect(hits).toHaveLength(10);
    expect(answer).toMatchObject({ kind: 'answer', answer: 'CR2450 lithium coin cell' });
    const { citations } = answer as { citations: { documentId: string; title: string; link: string }[] };
    expect(hits.map(({ id }) => id)).toContain(citations[0]?.documentId);
    expect(citations[0]?.link).toContain('https://help.lumenhome.example/sensors/');
  });

  it('says that there is no answer, and shows its hits', async () => {
    const { hits, answer } = await search('Who composed the opera about the thermostat?');
    expect(hits.length).toBeGreaterThan(0);
    expect(answer).toMatchObject({ kind: 'no-answer' });
  });

  it('finds nothing for nothing', async () => {
    expect(await search('')).toEqual({ hits: [] });
  });

  it('has a page that shows both', async () => {
    const page = await (await fetch(url)).text();
    for (const id of ['answer', 'words', 'sentence', 'source', 'hits']) expect(page).toContain(`id="${id}"`);
    expect(page).not.toContain('innerHTML');
  });
});

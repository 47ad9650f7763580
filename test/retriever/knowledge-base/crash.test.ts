import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { SourceDocument } from '../../../src/core/document.js';
import { VerbatimError } from '../../../src/core/errors.js';
import { Bm25Retriever, KnowledgeBase } from '../../../src/retriever/index.js';
import { createRandom } from '../../../src/evaluation/random.js';
import { changeOf } from '../../support/numbered-changes.mjs';
import { temporaryFolder } from '../../support/temporary-folder.js';

const WRITER = fileURLToPath(new URL('../../support/knowledge-base-writer.mjs', import.meta.url));
const KILLS = 100;

type Documents = Map<string, SourceDocument>;

function applyTo(documents: Documents, number: number): Documents {
  const change = changeOf(number);
  const after = new Map(documents);
  if (change === 'compact') return after;
  for (const document of change.upsert) after.set(document.id, document);
  for (const id of change.remove) after.delete(id);
  return after;
}

/** Runs the writer, kills it after a while, counted from its start or its first change, and says which changes it acknowledged. */
async function killedWriter(
  folder: string,
  first: number,
  { fromStart, milliseconds }: { fromStart: boolean; milliseconds: number },
): Promise<number[]> {
  const writer = spawn(process.execPath, [WRITER, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  const acknowledged: number[] = [];
  const killSoon = (): unknown => setTimeout(() => writer.kill('SIGKILL'), milliseconds);
  if (fromStart) killSoon();
  for await (const line of createInterface({ input: writer.stdout })) {
    if (!fromStart && acknowledged.length === 0) killSoon();
    acknowledged.push(Number(line));
  }
  expect((await exited)[1]).toBe('SIGKILL');
  return acknowledged;
}

async function contents(folder: string): Promise<Documents> {
  const opening = KnowledgeBase.open(folder);
  // Killed before there was anything.
  const isThere = await opening.then(
    () => true,
    (error: unknown) => !(VerbatimError.isInstance(error) && error.code === 'index-not-found'),
  );
  if (!isThere) return new Map();
  await using knowledgeBase = await opening;
  await knowledgeBase.verify();
  const documents: Documents = new Map();
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: Awaited<ReturnType<KnowledgeBase['list']>> = await knowledgeBase.list({ after, limit: 1000 });
    for (const { id } of page.documents) {
      const document = await knowledgeBase.get(id);
      if (document !== undefined) documents.set(id, document);
    }
    after = page.next;
  }
  const fresh = new Bm25Retriever();
  for (const document of documents.values()) fresh.addDocument(document);
  for (const question of ['reset the hub', 'warranty of seven days', 'router light plug']) {
    expect(await knowledgeBase.retrieve(question)).toEqual(await fresh.retrieve(question));
  }
  return documents;
}

it(
  `holds every acknowledged change, and no half of another, after each of ${KILLS} kills`,
  { timeout: 600_000 },
  async () => {
    const folder = temporaryFolder();
    const random = createRandom(7);
    let documents: Documents = new Map();
    let next = 0;
    let undecided = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const fromStart = kill % 4 === 0;
      const acknowledged = await killedWriter(folder, next, {
        fromStart,
        milliseconds: random() * (fromStart ? 600 : 120),
      });
      for (const number of acknowledged) documents = applyTo(documents, number);
      next += acknowledged.length;
      const found = await contents(folder);
      // The change that was going on when the process ended is in as a whole, or not at all.
      const withNext = applyTo(documents, next);
      const hash = (map: Documents): string =>
        JSON.stringify([...map.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
      if (hash(found) !== hash(documents)) {
        expect(hash(found)).toBe(hash(withNext));
        documents = withNext;
        next++;
        undecided++;
      }
    }
    console.log(
      `${next} changes, ${KILLS} kills, ${undecided} of them after the commit and before the acknowledgement`,
    );
    expect(next).toBeGreaterThan(KILLS);
  },
);

import { once } from 'node:events';
import type { SourceDocument } from '../../core/document.js';
import type { ChangeSummary, KnowledgeBase } from '../../retriever/index.js';
import { readDocument } from '../answers/read-document.js';
import { requireType } from '../http/json-body.js';
import { NDJSON, NDJSON_TYPE } from '../http/media-types.js';
import { parseJson } from '../http/parse-json.js';
import { HttpProblem, problemOf, type Problem } from '../http/problem.js';
import { defineRoute, type Call, type Route } from '../http/route.js';
import { splitLines, type BodyLine } from '../http/split-lines.js';
import { validate } from '../http/validate.js';
import { documentLine } from '../schemas/documents.js';
import { streamLine } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';
import { requireIndex } from './require-index.js';

type LineResult =
  | { readonly status: 'committed'; readonly line: number; readonly id: string }
  | { readonly status: 'refused'; readonly line: number; readonly problem: Problem };

interface Counts {
  added: number;
  changed: number;
  unchanged: number;
  refused: number;
}

/** POST /v1/documents */
export function documentStreamRoute(context: ServerContext): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/documents',
    scope: 'write',
    summary: 'Puts in a stream of documents, one JSON object a line',
    description:
      'Every line is answered by a line, in the same order, once its document is on disk or has been refused; a refused line does not ' +
      'stop the others. The last line counts. Read the results while you send: a client that does not is held up.',
    stream: { type: NDJSON, item: documentLine },
    responses: { 200: { description: 'A result for each line', content: { [NDJSON]: streamLine } } },
    handle: async (call) => {
      const index = requireIndex(context);
      requireType(call.req, NDJSON_TYPE, NDJSON);
      await takeStream(context, index, call);
    },
  });
}

async function takeStream({ limits }: ServerContext, index: KnowledgeBase, call: Call): Promise<void> {
  const { req, res, work } = call;
  res.setHeader('Cache-Control', 'no-store');
  res.type(NDJSON);
  const counts: Counts = { added: 0, changed: 0, unchanged: 0, refused: 0 };
  for await (const lines of splitLines(req as AsyncIterable<Uint8Array>, limits.bodyBytes)) {
    const results = await takeLines(index, lines, counts, call);
    await send(call, results);
    work.restart();
  }
  await send(call, [{ status: 'done', ...counts }]);
  res.end();
}

/** Commits the documents of some lines together. */
async function takeLines(
  index: KnowledgeBase,
  lines: readonly BodyLine[],
  counts: Counts,
  call: Call,
): Promise<LineResult[]> {
  const documents = new Map<number, SourceDocument>();
  const problems = new Map<number, unknown>();
  const filled = lines.filter(({ bytes }) => bytes === undefined || bytes.some((byte) => byte > 0x20));
  for (const { number, bytes } of filled) {
    try {
      documents.set(number, readLine(bytes));
    } catch (error) {
      problems.set(number, error);
    }
  }
  try {
    count(counts, await index.upsert(documents.values()));
  } catch (error) {
    call.exchange.report(error);
    for (const number of documents.keys()) problems.set(number, error);
  }
  counts.refused += problems.size;
  return filled.map(({ number }): LineResult => {
    const document = documents.get(number);
    return document === undefined || problems.has(number)
      ? {
          status: 'refused',
          line: number,
          problem: problemOf(problems.get(number), call.exchange.requestId).body,
        }
      : { status: 'committed', line: number, id: document.id };
  });
}

function readLine(bytes: Uint8Array | undefined): SourceDocument {
  if (bytes === undefined) throw new HttpProblem('body-too-large', 'The line is longer than a body may be.');
  const { id, ...body } = validate(documentLine, parseJson(bytes));
  return readDocument(id, body);
}

function count(counts: Counts, change: ChangeSummary): void {
  counts.added += change.added;
  counts.changed += change.changed;
  counts.unchanged += change.unchanged;
}

/** Waits for the client to take what has been written. */
async function send({ res, signal }: Call, lines: readonly object[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (text !== '' && !res.write(text)) await once(res, 'drain', { signal });
}

import type { Express } from 'express';
import { onTestFinished } from 'vitest';
import type { SourceDocument } from '../../../src/core/document.js';
import { createAnswerer, createVerbatim, KnowledgeBase } from '../../../src/index.js';
import type { LoadedReader, Reader } from '../../../src/reader/index.js';
import { createApp, type ServerDeps } from '../../../src/server/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { lampDocuments } from './documents.js';
import { NumberReader } from './readers.js';

const PROFILE = {
  aggregation: 'null-score',
  threshold: 0,
  calibration: { slope: 0.5, intercept: 0 },
} as const;

export interface ServeOptions extends Partial<ServerDeps> {
  /** @defaultValue one that answers with the first number */
  readonly reader?: Reader | LoadedReader;
  /** @defaultValue those of a lamp maker */
  readonly documents?: readonly SourceDocument[];
}

/** What a server needs, over a small index of its own; all is freed when the test ends. */
export async function serverDeps(
  options: ServeOptions = {},
): Promise<ServerDeps & { knowledgeBase: KnowledgeBase }> {
  const { reader = new NumberReader(), documents = lampDocuments(), ...rest } = options;
  const knowledgeBase = await KnowledgeBase.open(temporaryFolder(), { write: true });
  onTestFinished(() => knowledgeBase.close());
  await knowledgeBase.upsert(documents);
  const rule = 'manifest' in reader ? {} : { profile: PROFILE };
  return {
    verbatim: await createVerbatim({ retriever: knowledgeBase, reader, ...rule }),
    answerer: await createAnswerer({ reader, ...rule }),
    knowledgeBase,
    info: { version: '1.2.3', model: { id: 'test-reader', revision: 'r1' } },
    ...rest,
  };
}

/** An app over it. */
export async function serve(options: ServeOptions = {}): Promise<Express> {
  return createApp(await serverDeps(options));
}

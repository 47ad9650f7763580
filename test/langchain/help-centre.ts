import { afterAll, beforeAll } from 'vitest';
import type { SourceDocument } from '../../src/core/document.js';
import { loadCorpus } from '../../src/ingest/index.js';
import { createVerbatim, type Verbatim } from '../../src/pipeline/index.js';
import { loadReader, type LoadedReader } from '../../src/reader/index.js';

export const ANSWERABLE = 'How long is the warranty?';
export const UNANSWERABLE = 'Who composed the opera about the thermostat?';

export interface HelpCentre {
  readonly qa: Verbatim;
  readonly loaded: LoadedReader;
  /** By id. */
  readonly documents: ReadonlyMap<string, SourceDocument>;
}

/** The embedded reader over the help centre, for all tests of a file. */
export function useHelpCentre(): () => HelpCentre {
  let helpCentre: HelpCentre | undefined;
  const opened = (): HelpCentre => {
    if (helpCentre === undefined) throw new Error('The help centre is opened before the first test.');
    return helpCentre;
  };
  beforeAll(async () => {
    const { documents } = await loadCorpus(['corpora/help-centre']);
    const loaded = await loadReader({ workers: 1 });
    const qa = await createVerbatim({ documents, reader: loaded });
    helpCentre = { qa, loaded, documents: new Map(documents.map((document) => [document.id, document])) };
  });
  afterAll(async () => {
    await opened().qa.close();
    await opened().loaded.reader.close();
  });
  return opened;
}

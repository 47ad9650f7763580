import path from 'node:path';
import type { SourceDocument } from '../../src/core/document.js';
import type { VerbatimError } from '../../src/core/errors.js';
import { readCorpusFile, type ReadFileOptions } from '../../src/ingest/index.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a file of this name and content gives when it is named itself. */
export async function readFileOf(
  name: string,
  content: string | Uint8Array,
  options: ReadFileOptions & { readonly named?: boolean } = {},
): Promise<{ documents: SourceDocument[]; problems: string[] }> {
  const file = path.join(temporaryFolder({ [name]: content }), name);
  const problems: VerbatimError[] = [];
  const documents: SourceDocument[] = [];
  const found = { file, id: name, bytes: content.length, named: options.named ?? true };
  for await (const document of readCorpusFile(found, {
    ...options,
    onProblem: (problem) => problems.push(problem),
  })) {
    documents.push(document);
  }
  return {
    documents,
    problems: problems.map(({ message }) => message.replace(path.dirname(file) + path.sep, '')),
  };
}

import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import type { Comparison, JudgedQuestion, ScoredQuestion } from '../evaluation/index.js';
import { EXIT } from './exit-codes.js';
import { readJson } from './read-json.js';
import { renderComparison } from './render-evaluation.js';

const share = z.number().min(0).max(1);
const scored = z.object({
  id: z.string(),
  article: z.string(),
  answerable: z.boolean(),
  exact: share,
  f1: share,
});
const judged = scored.extend({ confidence: share, correct: z.boolean() });

/** The part of `verbatim eval --json` that a comparison needs. */
const savedSchema = z.object({ questions: z.array(z.union([judged, scored])).min(1) });

/** `verbatim eval --compare`: prints how the second saved result differs from the first. */
export async function compareSaved(files: readonly string[], json: boolean): Promise<number> {
  const [fileA, fileB] = files;
  if (fileA === undefined || fileB === undefined || files.length > 2) {
    throw new VerbatimError(
      'invalid-option',
      `Expected --compare to name 2 files, got ${files.length}: ${files.map(received).join(' ')}.`,
    );
  }
  const { compareRuns } = await import('../evaluation/index.js');
  const comparison: Comparison = compareRuns(await readSaved(fileA), await readSaved(fileB));

  process.stdout.write(
    json ? `${JSON.stringify(comparison, null, 2)}\n` : renderComparison(comparison, [fileA, fileB]),
  );
  return EXIT.done;
}

async function readSaved(file: string): Promise<readonly (ScoredQuestion | JudgedQuestion)[]> {
  const parsed = savedSchema.safeParse(await readJson(file, 'saved result'));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new VerbatimError(
      'dataset-invalid',
      `--compare: ${received(file)} was not saved by verbatim eval --json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  const { questions } = parsed.data;
  const ids = new Set<string>();
  for (const { id } of questions) {
    if (ids.has(id)) {
      throw new VerbatimError(
        'dataset-invalid',
        `--compare: ${received(file)}: question id ${received(id)} stands twice.`,
      );
    }
    ids.add(id);
  }
  return questions;
}

import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { received, VerbatimError } from '../core/errors.js';
import { CodePointOffsets } from '../core/offsets.js';
import type { Span } from '../core/span.js';
import { decodeText } from './decode-text.js';
import { pathError } from './path-error.js';
import { quotePath } from './quote-path.js';

const answerSchema = z.object({ text: z.string(), answer_start: z.int().min(0) });

/** SQuAD 1.1 and 2.0 JSON; unknown fields are passed over. */
const squadSchema = z.object({
  data: z.array(
    z.object({
      title: z.string().default(''),
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              id: z.coerce.string(),
              question: z.string(),
              answers: z.array(answerSchema).default([]),
              is_impossible: z.boolean().optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface GoldAnswer extends Span {
  readonly text: string;
}

export interface LabelledQuestion {
  readonly id: string;
  readonly question: string;
  /** Gold answers, as UTF-16 spans of the paragraph's text; empty for an unanswerable question. */
  readonly answers: readonly GoldAnswer[];
  /** Title of the article or document. */
  readonly title: string;
  /** Index of its paragraph in `paragraphs`. */
  readonly paragraph: number;
}

export interface LabelledParagraph {
  readonly title: string;
  readonly text: string;
}

export interface QuestionSet {
  readonly paragraphs: readonly LabelledParagraph[];
  readonly questions: readonly LabelledQuestion[];
}

/**
 * Reads a SQuAD-format file, gzipped or not. SQuAD's code-point offsets become UTF-16 offsets.
 *
 * @throws VerbatimError `path-not-found`, `file-unreadable`, or `dataset-invalid` naming the place: damaged JSON or gzip, a missing
 * field, a duplicate question id, an answer that does not stand at its offset.
 */
export async function readSquadFile(file: string): Promise<QuestionSet> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw pathError(file, error);
  }
  try {
    const json = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return parseSquad(JSON.parse(decodeText(json, file)), file);
  } catch (error) {
    if (VerbatimError.isInstance(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbatimError(
      'dataset-invalid',
      `${quotePath(file)} is not a SQuAD JSON file: ${reason}.`,
      error,
    );
  }
}

/**
 * Checks and converts parsed SQuAD JSON.
 *
 * @param name - names the file in errors.
 * @throws VerbatimError `dataset-invalid`.
 */
export function parseSquad(json: unknown, name: string): QuestionSet {
  const parsed = squadSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new VerbatimError(
      'dataset-invalid',
      `${quotePath(name)} is not a SQuAD JSON file: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  const paragraphs: LabelledParagraph[] = [];
  const questions: LabelledQuestion[] = [];
  const ids = new Set<string>();
  for (const article of parsed.data.data) {
    for (const { context, qas } of article.paragraphs) {
      const offsets = new CodePointOffsets(context);
      for (const qa of qas) {
        if (ids.has(qa.id)) {
          throw new VerbatimError(
            'dataset-invalid',
            `${quotePath(name)}: question id ${received(qa.id)} stands twice.`,
          );
        }
        ids.add(qa.id);
        const impossible = qa.is_impossible ?? qa.answers.length === 0;
        const answers = impossible
          ? []
          : qa.answers.map(({ text, answer_start }) => {
              const start = offsets.toUtf16(answer_start);
              return { text, start, end: start + text.length };
            });
        for (const { text, start, end } of answers) {
          if (context.slice(start, end) !== text) {
            throw new VerbatimError(
              'dataset-invalid',
              `${quotePath(name)}: question ${received(qa.id)}: the answer ${received(text)} does not stand at its answer_start.`,
            );
          }
        }
        questions.push({
          id: qa.id,
          question: qa.question,
          answers,
          title: article.title,
          paragraph: paragraphs.length,
        });
      }
      paragraphs.push({ title: article.title, text: context });
    }
  }
  return { paragraphs, questions };
}

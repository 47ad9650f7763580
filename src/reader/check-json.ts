import type { z } from 'zod';
import { VerbatimError } from '../core/errors.js';

/**
 * Checks parsed JSON of a model's folder.
 *
 * @param file - names the file in errors.
 * @throws VerbatimError `model-damaged`, naming the field.
 */
export function checkShape<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new VerbatimError(
    'model-damaged',
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
  );
}

/**
 * Parses and checks a JSON file of a model's folder.
 *
 * @param content - bytes or text of the file.
 * @throws VerbatimError `model-damaged`, if it is no JSON or a field is not what it should be.
 */
export function checkJson<T>(schema: z.ZodType<T>, content: Uint8Array | string, file: string): T {
  let json: unknown;
  try {
    json = JSON.parse(typeof content === 'string' ? content : new TextDecoder().decode(content));
  } catch (error) {
    throw new VerbatimError('model-damaged', `${file} is not valid JSON.`, error);
  }
  return checkShape(schema, json, file);
}

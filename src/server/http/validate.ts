import type { z } from 'zod';
import { invalidRequest } from './problem.js';

/** @throws HttpProblem `invalid-request`, naming what is wrong where. */
export function validate<T>(schema: z.ZodType<T>, value: unknown): T {
  const checked = schema.safeParse(value);
  if (!checked.success) throw invalidRequest(checked.error);
  return checked.data;
}

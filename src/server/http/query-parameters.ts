import type { Request } from 'express';
import { z } from 'zod';
import { HttpProblem } from './problem.js';

/** A whole number of a query string. */
export function integerParameter(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,9}$/, `expected a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

/** `true` or `false` of a query string. */
export const booleanParameter: z.ZodType<boolean> = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .pipe(z.boolean());

/**
 * The query's parameters as an object, whatever parser the app has set.
 *
 * @param shape - a parameter whose schema is an array is given as one; any other may stand once.
 * @throws HttpProblem `invalid-request` for one that stands twice.
 */
export function readQuery(req: Request, shape: Readonly<Record<string, z.ZodType>>): Record<string, unknown> {
  const search = new URLSearchParams(/\?(.*)$/s.exec(req.url)?.[1] ?? '');
  const entries = Array.from(new Set(search.keys()), (name): [string, unknown] => {
    const values = search.getAll(name);
    if (Object.hasOwn(shape, name) && isList(shape[name])) return [name, values];
    if (values.length > 1) {
      throw new HttpProblem(
        'invalid-request',
        `Expected the parameter ${JSON.stringify(name)} once, got it more often.`,
      );
    }
    return [name, values[0]];
  });
  return Object.fromEntries(entries);
}

function isList(schema: z.ZodType | undefined): boolean {
  const inner = schema instanceof z.ZodExactOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodArray;
}

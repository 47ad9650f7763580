import { z } from 'zod';

/**
 * What a glob may be made of: the matcher tries all ways in which stars, groups and repetitions can share an id, and with many of them
 * does not end before the server does.
 */
const SAFE_GLOB = /^(?=[^{]*(?:\{[^{]*)?$)[^()+*]*(?:\*{1,2}[^()+*]*){0,3}$/;

export const MAX_TAGS = 100;
export const tag = z.string().min(1).max(200);
export const glob = z
  .string()
  .min(1)
  .max(500)
  .regex(/\S/)
  .regex(SAFE_GLOB, 'expected a glob with at most three stars and one {a,b}, without (, ) and +');
const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);
/** A test instead of the union itself, whose patterns would be most of what a model is told of a tool. */
export const dateBound = z
  .string()
  .refine((text) => isoDate.safeParse(text).success, {
    error: 'expected an ISO 8601 date such as 2026-11-21',
  })
  .meta({ examples: ['2026-11-21', '2026-11-21T08:00:00Z'] });

export const filter = z.strictObject({
  tags: z.array(tag).min(1).max(MAX_TAGS).exactOptional().describe('at least one of these'),
  path: glob.exactOptional().describe('glob of document ids'),
  from: dateBound.exactOptional().describe('ISO 8601; dated then or later'),
  to: dateBound.exactOptional().describe('ISO 8601; dated then or earlier'),
});

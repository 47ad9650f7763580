import { z } from 'zod';
import { PROBLEMS } from '../http/problem-table.js';

export const problem = z.strictObject({
  type: z.string().describe('urn:verbatim-qa:problem: and the code'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  code: z.enum(Object.keys(PROBLEMS)).describe('stable; titles and details may be reworded'),
  requestId: z.string(),
  errors: z
    .array(z.strictObject({ pointer: z.string().describe('JSON pointer'), message: z.string() }))
    .exactOptional(),
});

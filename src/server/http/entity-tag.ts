import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** 132 bits of SHA-256: enough to tell answers apart, short enough to be shown. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

/** Sends JSON under an entity tag, or 304 to a client that has it. The tag is weak: compression changes the bytes. */
export function sendTagged(req: Request, res: Response, tag: string, body: object): void {
  const entityTag = `W/"${tag}"`;
  res.setHeader('ETag', entityTag);
  res.setHeader('Cache-Control', 'private, no-cache');
  if (isHeld(req.headers['if-none-match'], entityTag)) res.status(304).end();
  else res.json(body);
}

/** Weak comparison, RFC 9110, section 8.8.3.2. */
function isHeld(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = entityTag.slice(2);
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}

import express, { type Request, type RequestHandler, type Response } from 'express';
import { HttpProblem } from './problem.js';
import { checkJson, parseJson } from './parse-json.js';

const JSON_TYPE = /^application\/(?:json|[\w.!#$&^+-]+\+json)\s*(?:;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i;

/** @throws HttpProblem `unsupported-media-type`. */
export function requireType(req: Request, type: RegExp, name: string): void {
  const received = req.headers['content-type'] ?? '';
  if (!type.test(received) || OTHER_CHARSET.test(received)) {
    throw new HttpProblem('unsupported-media-type', `Expected a body of the type ${name} in UTF-8.`);
  }
}

/**
 * Makes a reader of JSON bodies. An app that parsed the body before it came here is believed.
 *
 * @throws HttpProblem for another type, and those of {@link parseJson}; the body parser's errors for a damaged or too large body.
 */
export function jsonBodyReader(maxBytes: number): (req: Request, res: Response) => Promise<unknown> {
  const readRaw: RequestHandler = express.raw({ type: () => true, limit: maxBytes });
  return async (req, res) => {
    requireType(req, JSON_TYPE, 'application/json');
    await new Promise<void>((resolve, reject) => {
      readRaw(req, res, (error?: Error | 'router' | 'route') =>
        error instanceof Error ? reject(error) : resolve(),
      );
    });
    const body: unknown = req.body;
    if (Buffer.isBuffer(body)) return parseJson(body);
    if (body === undefined) throw new HttpProblem('malformed-json', 'Expected JSON, got no body.');
    checkJson(body);
    return body;
  };
}

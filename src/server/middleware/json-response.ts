import type { Request, Response } from 'express';

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\b/i;

/** The text of a response that something can be added to: a success in JSON, that its handler has not encoded. */
export function jsonText(req: Request, res: Response, body: string | Buffer): string | undefined {
  const isWhole = res.statusCode >= 200 && res.statusCode < 300 && ![204, 205, 206].includes(res.statusCode);
  if (req.method === 'HEAD' || !isWhole || res.headersSent || res.get('Content-Encoding') !== undefined)
    return undefined;
  if (!JSON_TYPE.test(res.get('Content-Type') ?? '')) return undefined;
  return typeof body === 'string' ? body : body.toString();
}

/**
 * Adds a property to an object written in JSON, and leaves the rest as it is: numbers that JavaScript cannot hold exactly, too.
 *
 * @returns undefined if there is nothing to add.
 */
export function withProperty(text: string, name: string, value: unknown): string | undefined {
  const json = value === undefined ? undefined : JSON.stringify(value);
  if (json === undefined) return undefined;
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  return `${before}${before.endsWith('{') ? '' : ','}${JSON.stringify(name)}:${json}${text.slice(end)}`;
}

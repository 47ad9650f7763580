import { fileURLToPath } from 'node:url';
import type { Response } from 'express';

/**
 * Sends a file of the server's own.
 *
 * @param cacheControl - how long a browser may keep it.
 */
export function sendAsset(res: Response, folder: URL, name: string, cacheControl: string): Promise<void> {
  res.setHeader('Cache-Control', cacheControl);
  return new Promise((resolve, reject) => {
    const options = { root: fileURLToPath(folder), cacheControl: false };
    res.sendFile(name, options, (error?: Error) => (error === undefined ? resolve() : reject(error)));
  });
}

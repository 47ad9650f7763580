import type { Response } from 'express';
import type { StageTimes } from '../metrics.js';

/** Says how long each stage took in the header that browsers show and pages can read (W3C Server Timing). */
export function sendTimes(res: Response, times: StageTimes): void {
  const metrics = Object.entries(times).map(([stage, ms]) => `${stage};dur=${ms.toFixed(2)}`);
  res.setHeader('Server-Timing', metrics.join(', '));
}

/** Says that nothing had to be done. */
export function sendCached(res: Response): void {
  res.setHeader('Server-Timing', 'cache;desc="kept"');
}

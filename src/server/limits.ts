import { requireInteger } from '../core/errors.js';
import { DEFAULT_LIMITS, type ServerLimits } from './deps.js';

/**
 * The limits with the defaults for those that are not given.
 *
 * @throws VerbatimError `invalid-option` for one out of range.
 */
export function resolveLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  const limits: { -readonly [Name in keyof ServerLimits]: number } = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof ServerLimits)[]) {
    // Without a cache every question is read anew.
    const least = name === 'cacheEntries' ? 0 : 1;
    limits[name] = requireInteger(`limits.${name}`, given[name] ?? DEFAULT_LIMITS[name], least);
  }
  return limits;
}

import { AnswerService } from './answers/answer-service.js';
import { ReadingSlots } from './answers/reading-slots.js';
import type { ServerDeps, ServerLimits } from './deps.js';
import type { Observers } from './http/exchange.js';
import { resolveLimits } from './limits.js';
import { Metrics } from './metrics.js';

/** What the routes of one app share. */
export interface ServerContext {
  readonly deps: ServerDeps;
  readonly limits: ServerLimits;
  readonly slots: ReadingSlots;
  readonly answers: AnswerService;
  readonly observers: Observers;
}

/** @throws VerbatimError `invalid-option` for limits out of range. */
export function createContext(deps: ServerDeps): ServerContext {
  const limits = resolveLimits(deps.limits);
  const slots = new ReadingSlots(limits.concurrent);
  const metrics = new Metrics(() => slots.taken);
  const answers = new AnswerService(deps, metrics, slots, limits.cacheEntries);
  return { deps, limits, slots, answers, observers: { metrics, logger: deps.logger } };
}

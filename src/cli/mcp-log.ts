import { VerbatimError } from '../core/errors.js';
import { createLogger } from '../server/operations/index.js';

/** What is told while a server runs; never a question, never on standard output. */
export interface McpLog {
  info(message: string): void;
  error(error: Error): void;
}

/** A log on standard error: lines for people or, with `--json`, one JSON object each. */
export function mcpLog(json: boolean): McpLog {
  if (!json) {
    return {
      info: (message) => console.error(message),
      error: (error) => console.error(`verbatim: ${described(error)}`),
    };
  }
  const logger = createLogger({ destination: process.stderr });
  return {
    info: (message) => logger.info(message),
    error: (error) => logger.error({ error: described(error) }, 'fault'),
  };
}

function described(error: Error): string {
  if (VerbatimError.isInstance(error)) return `[${error.code}] ${error.message}`;
  return error.stack ?? error.message;
}

import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';

export interface LoggerOptions {
  /** @defaultValue info */
  readonly level?: LevelWithSilent;
  /** Whether the text of questions may stand in it. @defaultValue false */
  readonly questions?: boolean;
  /** Where the lines go. @defaultValue standard output, written in the background */
  readonly destination?: DestinationStream;
}

/** Fields that hold words of the user, wherever a caller might put them. */
const USERS_WORDS = ['question', 'questions', '*.question', '*.questions', 'query', 'correctAnswer', 'body'];

/** A structured log: one line of JSON a record, with the time in ISO 8601 and the level by name. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', questions = false, destination } = options;
  return pino(
    {
      level,
      // Process id and host name are known to whatever collects the lines.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      ...(questions ? {} : { redact: { paths: USERS_WORDS, remove: true } }),
    },
    // A full pipe must not hold up answers, hence not synchronous; what is left is written at exit.
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

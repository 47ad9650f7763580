export { createLogger, type LoggerOptions } from './logger.js';
export type { ServerSettings } from './settings.js';
export { startServer, type RunningServer, type ServerContext } from './start-server.js';

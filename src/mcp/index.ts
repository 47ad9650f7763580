export { createMcpServer } from './create-mcp-server.js';
export type { DocumentSource, McpContext, McpDeps } from './deps.js';
export { documentsInMemory } from './documents-in-memory.js';
export { httpEndpoint, type HttpEndpoint } from './http-endpoint.js';
export { serveOverStdio, type StdioConnection, type StdioStreams } from './stdio.js';

import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { VerbatimError, type VerbatimErrorCode } from '../core/errors.js';
import type { McpContext, McpDeps } from './deps.js';

/** Errors that the caller can mend, or that pass: their messages are shown. Those of others may name files. */
const SHOWN: ReadonlySet<string> = new Set<VerbatimErrorCode>([
  'invalid-option',
  'empty-question',
  'question-too-long',
  'queue-full',
  'worker-crashed',
  'index-busy',
  'closed',
]);

/** All tools only read, and the same call gives the same result while the documents stay what they are. */
export const READ_ONLY = Object.freeze({ readOnlyHint: true, idempotentHint: true, openWorldHint: false });

/** A result for programs, and the same as text for whoever reads it. */
export function toolResult(structuredContent: object, text: string): CallToolResult {
  return { structuredContent: { ...structuredContent }, content: [{ type: 'text', text }] };
}

/** Something that the caller did wrong, told so that a model can mend it. */
export function refusal(code: string, message: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: `[${code}] ${message}` }] };
}

/** Runs a tool once everything is loaded; what fails becomes an error result. A cancelled call rejects at once, and is never answered. */
export async function runTool(
  { deps, onError }: McpContext,
  { mcpReq: { signal } }: ServerContext,
  work: (deps: McpDeps, signal: AbortSignal) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  try {
    return await work(await unlessAborted(deps, signal), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    if (VerbatimError.isInstance(error) && SHOWN.has(error.code)) return refusal(error.code, error.message);
    onError(error instanceof Error ? error : new Error(String(error)));
    const code = VerbatimError.isInstance(error) ? error.code : 'internal-error';
    return refusal(code, 'The call failed on the server; its log says why.');
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([promise, aborted]);
}

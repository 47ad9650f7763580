import { Command } from 'commander';
import { VerbatimError } from '../core/errors.js';
import type { McpContext, McpDeps } from '../mcp/index.js';
import { EXIT } from './exit-codes.js';
import {
  DEFAULT_MCP_PORT,
  listenForMcp,
  MCP_PATH,
  type McpConnection,
  type McpHttpFlags,
} from './mcp-http.js';
import { mcpLog, type McpLog } from './mcp-log.js';
import {
  addDecisionOptions,
  addReaderOptions,
  addSearchedOptions,
  answererSettings,
  flag,
  limitsOf,
  topKOption,
  wholeNumber,
  type DecisionFlags,
  type ReaderFlags,
  type SearchedFlags,
} from './options.js';
import { VERSION } from './package-version.js';
import { searchedSource } from './searched-source.js';
import { listenForStop } from './stop-signals.js';

interface McpFlags extends ReaderFlags, DecisionFlags, SearchedFlags, McpHttpFlags {
  readonly topK?: number;
  readonly http?: boolean;
  readonly json?: boolean;
}

/** Flags that say something only over HTTP. */
const HTTP_ONLY = ['host', 'port', 'allowHost', 'keys', 'anonymous'] as const;

export function mcpCommand(): Command {
  const command = new Command('mcp')
    .description('Answer questions for assistants over the Model Context Protocol.')
    .addOption(
      flag('--http', `serve many clients over streamable HTTP (default: one over standard input and output)`),
    )
    .addOption(flag('--host <address>', 'with --http: address to listen on').default('127.0.0.1'))
    .addOption(
      flag('-p, --port <n>', 'with --http: port to listen on; 0 takes a free one')
        .argParser(wholeNumber(0, 65_535))
        .default(DEFAULT_MCP_PORT),
    )
    .addOption(
      flag(
        '--allow-host <names>',
        'with --http: further host names in addresses and origins of requests, separated by commas (default: those of this machine)',
      ),
    )
    .addOption(
      flag(
        '--keys <file>',
        'with --http: API keys that `verbatim keys` made (default: verbatim-keys.json, if it holds any)',
      ),
    )
    .addOption(flag('--anonymous', 'with --http: let everybody in, without a key'))
    .addOption(topKOption())
    .addOption(
      flag('--json', 'write the log on standard error as JSON lines; standard output is the protocol'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim mcp --corpus ./docs
  $ verbatim mcp --index kb --top-k 20
  $ verbatim mcp --index kb --http
  $ verbatim keys create --name assistant && verbatim mcp --index kb --http --host 0.0.0.0 --allow-host kb.example.org

Tools: answer, search, read_document. Documents are resources. Over HTTP the path is ${MCP_PATH}.
It ends when the client closes standard input, on SIGTERM and on Ctrl-C.
Exit codes: 0 ended, 1 failure, 2 wrong use.`,
    )
    .action(async (flags: McpFlags) => {
      requireHttp(command, flags);
      process.exitCode = await serve(flags);
    });
  addSearchedOptions(command, 'the help centre that comes with the package');
  return addReaderOptions(addDecisionOptions(command));
}

/** From the environment they may be meant for `verbatim serve`. */
function requireHttp(command: Command, { http }: McpFlags): void {
  const given = HTTP_ONLY.find((name) => command.getOptionValueSource(name) === 'cli');
  if (http === true || given === undefined) return;
  const option = command.options.find((known) => known.attributeName() === given);
  throw new VerbatimError(
    'invalid-option',
    `Expected --http beside ${option?.long ?? given}: over standard input and output it says nothing.`,
  );
}

async function serve(flags: McpFlags): Promise<number> {
  const log = mcpLog(flags.json === true);
  const stop = listenForStop(() => undefined);
  const loading = new AbortController();
  // A host may connect meanwhile; its calls wait.
  const opening = openPipeline(flags, loading.signal, log);
  opening.then(
    () => log.info('ready'),
    () => undefined,
  );
  const { minConfidence, threshold } = limitsOf(flags);
  const context: McpContext = {
    deps: opening,
    version: VERSION,
    defaults: {
      ...(flags.topK === undefined ? {} : { topK: flags.topK }),
      ...(threshold === undefined ? {} : { threshold }),
      ...(minConfidence === undefined ? {} : { minConfidence }),
    },
    onError: (error) => log.error(error),
  };
  try {
    const connection = await connect(context, flags, log);
    try {
      await Promise.race([stop.asked, connection.ended, failureOf(opening)]);
    } finally {
      await connection.close();
    }
    return EXIT.done;
  } finally {
    loading.abort();
    const opened = await opening.catch(() => undefined);
    await opened?.verbatim.close();
    stop.forget();
  }
}

async function connect(context: McpContext, flags: McpFlags, log: McpLog): Promise<McpConnection> {
  if (flags.http === true) return listenForMcp(context, flags, log);
  const { serveOverStdio } = await import('../mcp/index.js');
  return serveOverStdio(context, { input: process.stdin, output: process.stdout });
}

async function openPipeline(flags: McpFlags, signal: AbortSignal, log: McpLog): Promise<McpDeps> {
  const { createVerbatim } = await import('../pipeline/index.js');
  const { KnowledgeBase } = await import('../retriever/index.js');
  const { documentsInMemory } = await import('../mcp/index.js');
  const settings = await answererSettings(flags);
  const { options } = searchedSource(flags, {
    signal,
    onLeftOut: (problems) => {
      for (const { code, message } of problems) log.info(`[${code}] ${message} Left out.`);
    },
  });
  const verbatim = await createVerbatim({ ...options, ...settings });
  const { retriever } = verbatim;
  if (retriever instanceof KnowledgeBase) return { verbatim, documents: retriever };
  return { verbatim, documents: documentsInMemory('documents' in options ? await options.documents : []) };
}

/** Rejected if the promise is, and else never settled. */
function failureOf(promise: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    promise.catch(reject);
  });
}

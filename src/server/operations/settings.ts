import { isIP } from 'node:net';
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../deps.js';

/** How a setting is given on the command line and what it means; `--top-k` is `topK` in a file and VERBATIM_TOP_K in the environment. */
interface SettingFlag {
  readonly flags: string;
  readonly description: string;
}

const flagsOfSettings = z.registry<SettingFlag>();

/** The flag of a setting. */
export function settingFlag(setting: z.ZodType): SettingFlag | undefined {
  return flagsOfSettings.get(setting);
}

/** In a flag and in the environment everything is text. */
const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : value;

const TRUTH: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

const asBoolean = (value: unknown): unknown => TRUTH.get(value) ?? value;

// What a message says is expected; `resolveSettings` puts the setting's name and the value received around it.
function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const error =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${min}`
      : `a whole number from ${min} to ${max}`;
  return z.preprocess(asNumber, z.int({ error }).min(min, { error }).max(max, { error }));
}

const MILLISECONDS_AT_MOST = 2 ** 31 - 1;
const milliseconds = (min = 1): z.ZodType<number> => wholeNumber(min, MILLISECONDS_AT_MOST);

const yesNo = z.preprocess(asBoolean, z.boolean({ error: 'true or false' }));

const nonEmpty = { error: 'a text that is not empty' };
const text = z.string(nonEmpty).min(1, nonEmpty);

/** One value stands for a list of one: a path may hold any character, so none can separate several in the environment. */
const paths = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(text, { error: 'a list of texts' }).min(1, { error: 'a list of at least one' }),
);

const splitList = (value: string): string[] => value.split(',').map((item) => item.trim());

const ORIGIN = 'a list of origins such as https://example.org, or *';

function isOrigin(value: string): boolean {
  return value === '*' || (URL.canParse(value) && new URL(value).origin === value);
}

const origins = z.preprocess(
  (value) => (typeof value === 'string' ? splitList(value) : value),
  z.array(z.string({ error: ORIGIN }).refine(isOrigin, { error: ORIGIN }), { error: ORIGIN }),
);

const PROXIES = 'a whole number of at least 1, or addresses and subnets such as loopback, 10.0.0.0/8';

/** What Express takes: a name, an address, or an address with the bits of a subnet. */
function isSubnet(value: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return true;
  const [, address = '', bits] = /^([^/]*)(?:\/(\d+))?$/.exec(value) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits ?? 1) >= 1 && Number(bits ?? 1) <= (version === 4 ? 32 : 128);
}

/** `X-Forwarded-For` is believed for so many proxies, or for those at these addresses. */
const trustedProxies = z.preprocess(
  (value) => {
    const number = asNumber(value);
    return typeof value === 'string' && Number.isNaN(number) ? splitList(value) : number;
  },
  z.union(
    [
      z.int({ error: PROXIES }).min(1, { error: PROXIES }),
      z.array(z.string({ error: PROXIES }).refine(isSubnet, { error: PROXIES })).min(1, { error: PROXIES }),
    ],
    { error: PROXIES },
  ),
);

const choice = <const T extends readonly [string, ...string[]]>(...values: T): z.ZodType<T[number]> =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

/** Adds the flag of a setting; to be called last, because what is made from a schema has lost it. */
function setting<T extends z.ZodType>(schema: T, flags: string, description: string): T {
  flagsOfSettings.add(schema, { flags, description });
  return schema;
}

/** Everything that can be set of a server. The same schema checks flags, environment and file, and gives the flags and their help. */
export const serverSettings = z.object({
  index: setting(text.optional(), '-i, --index <folder>', 'knowledge base to serve; made if there is none'),
  corpus: setting(
    paths.optional(),
    '-c, --corpus <path...>',
    'serve files, folders and globs as they are now, read-only (default: the help centre that comes with the package)',
  ),
  readOnly: setting(
    yesNo.default(false),
    '--read-only',
    'open the knowledge base for reading: another process may change it',
  ),
  include: setting(paths.optional(), '--include <glob...>', 'of the corpus, take only files that match'),
  exclude: setting(paths.optional(), '--exclude <pattern...>', 'leave out what matches, as in a .gitignore'),
  maxFileSize: setting(
    wholeNumber(1).default(50_000_000),
    '--max-file-size <bytes>',
    'leave out larger files of the corpus',
  ),
  maxFiles: setting(wholeNumber(1).default(100_000), '--max-files <n>', 'refuse a corpus of more files'),

  model: setting(text.optional(), '--model <id>', 'folder or id of the reader (default: the embedded one)'),
  dtype: setting(
    choice('q8', 'fp32', 'fp16').optional(),
    '--dtype <dtype>',
    'number format of the weights (default: the fastest that the model has)',
  ),
  workers: setting(
    wholeNumber(1, 256).optional(),
    '--workers <n>',
    'worker threads that read (default: one a core, at most 4)',
  ),
  modelsDir: setting(
    text.optional(),
    '--models-dir <folder>',
    'where models are installed (default: verbatim/models in $XDG_CACHE_HOME or ~/.cache)',
  ),
  maxQueuedWindows: setting(
    wholeNumber(1).default(4096),
    '--max-queued-windows <n>',
    'context windows that may wait for a worker; more are refused with 503',
  ),
  profile: setting(
    text.optional(),
    '--profile <file>',
    "how to decide: a file that `verbatim tune` wrote (default: the model's)",
  ),
  aggregation: setting(
    choice('fusion', 'null-score').optional(),
    '--aggregation <rule>',
    "fusion: weigh retrieval too, with the model's profile; null-score: the plain rule (default: fusion where it fits)",
  ),

  host: setting(text.default('127.0.0.1'), '--host <address>', 'address to listen on'),
  port: setting(
    wholeNumber(0, 65_535).default(8080),
    '-p, --port <n>',
    'port to listen on; 0 takes a free one',
  ),
  keys: setting(
    text.optional(),
    '--keys <file>',
    'API keys that `verbatim keys` made (default: verbatim-keys.json, if it holds any)',
  ),
  anonymous: setting(yesNo.default(false), '--anonymous', 'let everybody in, without a key'),
  feedback: setting(
    text.optional(),
    '--feedback <file>',
    'keep verdicts on answers, with their questions, in this file (default: none are taken)',
  ),
  report: setting(
    text.optional(),
    '--report <file>',
    'show this evaluation report, which `verbatim eval --report` wrote, on the page at / (default: none)',
  ),
  cors: setting(
    origins.optional(),
    '--cors <origins>',
    'web origins that may call, separated by commas; * for all (default: none)',
  ),
  trustProxy: setting(
    trustedProxies.optional(),
    '--trust-proxy <proxies>',
    "how many proxies stand before the server, or their addresses, separated by commas: whom to believe a client's address (default: nobody)",
  ),
  logLevel: setting(
    choice('debug', 'info', 'warn', 'error', 'silent').default('info'),
    '--log-level <level>',
    'least severe log lines to write',
  ),
  logQuestions: setting(yesNo.default(false), '--log-questions', 'write the text of questions to the log'),
  json: setting(yesNo.default(false), '--json', 'write nothing but JSON: the address goes to the log, too'),

  maxBodyBytes: setting(
    wholeNumber(1).default(DEFAULT_LIMITS.bodyBytes),
    '--max-body-bytes <n>',
    'bytes of a request body, and of one line of an NDJSON stream',
  ),
  maxQuestionCharacters: setting(
    wholeNumber(1).default(DEFAULT_LIMITS.questionCharacters),
    '--max-question-characters <n>',
    'characters of a question',
  ),
  maxPassages: setting(
    wholeNumber(1).default(DEFAULT_LIMITS.passages),
    '--max-passages <n>',
    'passages that one request may have read or found',
  ),
  maxBatch: setting(
    wholeNumber(1).default(DEFAULT_LIMITS.batch),
    '--max-batch <n>',
    'questions of one request',
  ),
  maxConcurrent: setting(
    wholeNumber(1).default(DEFAULT_LIMITS.concurrent),
    '--max-concurrent <n>',
    'requests that read at once; more are refused with 503',
  ),
  requestMs: setting(
    milliseconds().default(DEFAULT_LIMITS.requestMs),
    '--request-ms <n>',
    'milliseconds after which a request is given up',
  ),
  requestsPerMinute: setting(
    wholeNumber(1).default(DEFAULT_LIMITS.requestsPerMinute),
    '--requests-per-minute <n>',
    'requests of one key or address; more are refused with 429',
  ),
  cacheEntries: setting(
    wholeNumber(0).default(DEFAULT_LIMITS.cacheEntries),
    '--cache-entries <n>',
    'results kept, and answers that feedback may be given on',
  ),

  // A client that sends a header in pieces is cut off after this.
  headersMs: setting(
    milliseconds().default(10_000),
    '--headers-ms <n>',
    "milliseconds for a request's headers to arrive",
  ),
  receiveMs: setting(
    milliseconds().default(60_000),
    '--receive-ms <n>',
    "milliseconds for a request's body to arrive; a stream of documents may take as long as it moves",
  ),
  // Longer than the minute for which proxies keep a connection: else they send a request into one that is just being closed.
  keepAliveMs: setting(
    milliseconds().default(65_000),
    '--keep-alive-ms <n>',
    'milliseconds that an idle connection is kept',
  ),
  maxConnections: setting(
    wholeNumber(1).default(4096),
    '--max-connections <n>',
    'connections at once; more are closed at once',
  ),
  shutdownMs: setting(
    milliseconds(0).default(30_000),
    '--shutdown-ms <n>',
    'milliseconds for running requests to finish when the server is told to stop',
  ),
});

export type ServerSettings = z.infer<typeof serverSettings>;
export type SettingName = keyof ServerSettings;

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import {
  environmentLayer,
  flagsLayer,
  resolveSettings,
  type ResolvedSettings,
} from '../server/operations/resolve-settings.js';
import { serverSettings, settingFlag, type ServerSettings } from '../server/operations/settings.js';
import { EXIT } from './exit-codes.js';
import { flag, modelStoreOf, SHIPPED_CORPUS } from './options.js';
import { VERSION } from './package-version.js';
import { listenForStop } from './stop-signals.js';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Answer questions over HTTP.')
    .addOption(flag('--config <file>', 'settings in YAML or JSON; flags and environment override them'))
    .addOption(flag('--print-config', 'print the settings in force and where each comes from, and end'));
  addSettings(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim serve
  $ verbatim serve --corpus ./docs --port 9000
  $ verbatim serve --index kb --feedback feedback.ndjson
  $ verbatim serve --config verbatim.yaml --print-config
  $ verbatim keys create --name search --scope read && verbatim serve --index kb --host 0.0.0.0

SIGTERM and Ctrl-C let running requests finish; a second one ends at once.
Exit codes: 0 stopped, 1 failure, 2 wrong use.`,
    )
    .action(async () => {
      process.exitCode = await serve(command);
    });
}

function addSettings(command: Command): void {
  for (const setting of Object.values(serverSettings.shape)) {
    const known = settingFlag(setting);
    if (known === undefined) continue;
    const fallback = setting.safeParse(undefined).data;
    const isShown = typeof fallback === 'number' || typeof fallback === 'string';
    const shown = isShown ? ` (default: ${fallback})` : '';
    command.addOption(flag(known.flags, known.description + shown));
  }
}

async function serve(command: Command): Promise<number> {
  const resolved = await settingsOf(command);
  if (command.opts<{ printConfig?: boolean }>().printConfig === true) {
    const { renderSettings } = await import('./render-settings.js');
    process.stdout.write(renderSettings(resolved));
    return EXIT.done;
  }
  return serveUntilStopped(resolved.settings);
}

async function serveUntilStopped(settings: ServerSettings): Promise<number> {
  const { createLogger, startServer } = await import('../server/operations/index.js');
  const { modelsDir } = settings;
  const logger = createLogger({ level: settings.logLevel, questions: settings.logQuestions });
  const folders = new TemporaryFolders();
  const stop = listenForStop(() => folders.remove());
  try {
    const server = await startServer(settings, {
      version: VERSION,
      logger,
      modelStore: await modelStoreOf(modelsDir === undefined ? {} : { modelsDir }),
      defaultCorpus: SHIPPED_CORPUS,
      temporaryFolder: () => folders.make(),
      signal: stop.signal,
    });
    logger.info({ url: server.url }, 'listening');
    if (!settings.json) console.error(`Listening on ${server.url}`);
    await stop.asked;
    logger.info({}, 'stopping');
    await server.close();
    logger.info({}, 'stopped');
    return EXIT.done;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('verbatim: interrupted while starting.');
    return EXIT.interrupted;
  } finally {
    stop.forget();
  }
}

/** Flags over environment over file. What the environment says is read here, not by the command line's parser: so all errors name their source. */
async function settingsOf(command: Command): Promise<ResolvedSettings> {
  const options = command.opts<Record<string, unknown>>();
  const flags = Object.fromEntries(
    Object.keys(serverSettings.shape)
      .filter((name) => command.getOptionValueSource(name) === 'cli')
      .map((name) => [name, options[name]]),
  );
  const layers = [flagsLayer(flags), environmentLayer(process.env)];
  const { config } = command.opts<{ config?: string }>();
  if (config === undefined) return resolveSettings(layers);
  const { readConfig } = await import('../server/operations/read-config.js');
  return resolveSettings([...layers, await readConfig(config)]);
}

/** Folders that go with this process, however it ends, unless it is killed. */
class TemporaryFolders {
  readonly #folders: string[] = [];

  constructor() {
    process.on('exit', () => this.remove());
  }

  make(): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-serve-'));
    this.#folders.push(folder);
    return folder;
  }

  remove(): void {
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

import { Argument, Command } from 'commander';
import { VerbatimError } from '../core/errors.js';
import type { Dtype, HubOptions, ModelListing } from '../reader/index.js';
import { EXIT } from './exit-codes.js';
import { flag, jsonOption, modelsDirOption, modelStoreOf } from './options.js';
import { progressBar, type Progress } from './progress.js';
import { renderModel, renderModels, type KnownModel } from './render-models.js';
import { reportLeftOut } from './report-left-out.js';
import { listenForInterrupt } from './stop-signals.js';

interface StoreFlags {
  readonly modelsDir?: string;
  readonly json?: boolean;
}

interface PullFlags extends StoreFlags {
  readonly dtype: Dtype;
  readonly revision?: string;
  readonly weights?: string;
}

interface AddFlags extends StoreFlags {
  readonly id?: string;
}

export function modelsCommand(): Command {
  return new Command('models')
    .description('List, install, check and remove models.')
    .addCommand(listCommand())
    .addCommand(infoCommand())
    .addCommand(pullCommand())
    .addCommand(verifyCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim models list
  $ verbatim models pull deepset/tinyroberta-squad2
  $ verbatim models add ./exported-model --id acme/reader

Only \`pull\` uses the network.`,
    );
}

function listCommand(): Command {
  return command('list', 'List the models of the catalogue and those that are installed.', [
    'verbatim models list',
    'verbatim models list --json',
  ]).action(async (flags: StoreFlags) => {
    const models = await knownModels(await modelStoreOf(flags));
    print(flags, renderModels(models), models.map(asJson));
  });
}

function infoCommand(): Command {
  return command('info', 'Show everything that is known of a model.', [
    'verbatim models info default',
    'verbatim models info deepset/tinyroberta-squad2 --json',
  ])
    .addArgument(modelArgument())
    .action(async (id: string, flags: StoreFlags) => {
      const model = await knownModel(id, await modelStoreOf(flags));
      print(flags, renderModel(model), asJson(model));
    });
}

function pullCommand(): Command {
  return command(
    'pull',
    'Install a model from the model hub.',
    [
      'verbatim models pull deepset/tinyroberta-squad2',
      'verbatim models pull acme/reader --dtype fp32 --revision v2',
      'verbatim models pull acme/reader --weights onnx/model_int8.onnx',
      'HF_TOKEN=… verbatim models pull acme/private-reader',
    ],
    `HF_ENDPOINT is the hub's address (default: https://huggingface.co), HF_TOKEN an access token for it.
Ctrl-C stops; the next pull goes on where this one stopped.`,
  )
    .addArgument(new Argument('<id>', 'id of the model: owner/name'))
    .addOption(
      flag('-d, --dtype <dtype>', 'number format of the weights')
        .choices(['q8', 'fp16', 'fp32'])
        .default('q8'),
    )
    .addOption(flag('-r, --revision <revision>', "branch, tag or commit (default: the catalogue's, or main)"))
    .addOption(flag('-w, --weights <file>', 'ONNX file in the repository, if it is not named as usual'))
    .action(async (id: string, flags: PullFlags) => {
      process.exitCode = await pull(id, flags);
    });
}

function verifyCommand(): Command {
  return command('verify', "Compare a model's files with the checksums of its manifest.", [
    'verbatim models verify default',
    'verbatim models verify deepset/tinyroberta-squad2',
  ])
    .addArgument(modelArgument())
    .action(async (id: string, flags: StoreFlags) => {
      const { modelInfo, verifyModel } = await import('../reader/index.js');
      const { folder, manifest } = await modelInfo(id, await modelStoreOf(flags));
      const problems = await verifyModel(folder);
      const lines = problems.map(({ file, problem }) => `${file} ${problem}.\n`);
      const whole = `${id}: ${Object.keys(manifest.files).length} files are what the manifest says.\n`;
      print(flags, lines.length === 0 ? whole : lines.join(''), { id, folder, problems });
      process.exitCode = problems.length === 0 ? EXIT.done : EXIT.failure;
    });
}

function addCommand(): Command {
  return command('add', "Install a copy of a model's folder: config.json, tokenizer.json and ONNX weights.", [
    'verbatim models add ./exported-model --id acme/reader',
    'optimum-cli export onnx --model acme/reader ./reader && verbatim models add ./reader',
  ])
    .addArgument(new Argument('<folder>', "a model's folder, as Optimum exports it"))
    .addOption(flag('--id <id>', "id to install it under (default: the folder's name)"))
    .action(async (folder: string, flags: AddFlags) => {
      const { addModel } = await import('../reader/index.js');
      const store = await modelStoreOf(flags);
      const model = await addModel(folder, { store, ...(flags.id === undefined ? {} : { id: flags.id }) });
      print(flags, `Installed ${model.id} (${model.dtypes.join(' ')}) in ${model.folder}\n`, model);
    });
}

function removeCommand(): Command {
  return command('remove', 'Remove an installed model.', [
    'verbatim models remove deepset/tinyroberta-squad2',
  ])
    .addArgument(new Argument('<id>', 'id of an installed model'))
    .action(async (id: string, flags: StoreFlags) => {
      const { removeModel } = await import('../reader/index.js');
      await removeModel(id, await modelStoreOf(flags));
      print(flags, `Removed ${id}.\n`, { id, removed: true });
    });
}

async function pull(id: string, flags: PullFlags): Promise<number> {
  const { pullModel } = await import('../reader/index.js');
  const interrupt = listenForInterrupt();
  const progress = fileProgress();
  try {
    const { dtype, revision, weights } = flags;
    const model = await pullModel(id, {
      ...hubFromEnvironment(),
      store: await modelStoreOf(flags),
      dtype,
      ...(revision === undefined ? {} : { revision }),
      ...(weights === undefined ? {} : { weights }),
      onProgress: progress.update,
      signal: interrupt.signal,
    }).finally(progress.stop);
    const what = model.fetched.length === 0 ? 'is up to date' : 'is installed';
    print(flags, `${model.id} (${model.dtypes.join(' ')}) ${what} in ${model.folder}\n`, model);
    return EXIT.done;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error(`verbatim: stopped; the next \`verbatim models pull ${id}\` goes on from here.`);
    return EXIT.interrupted;
  } finally {
    interrupt.forget();
  }
}

function hubFromEnvironment(): HubOptions {
  const { HF_ENDPOINT: endpoint, HF_TOKEN: token } = process.env;
  // An empty variable counts as unset.
  return { ...(endpoint ? { endpoint } : {}), ...(token ? { token } : {}) };
}

/** One bar after another, one for each file. */
function fileProgress(): {
  readonly update: (file: string, done: number, total: number | null) => void;
  readonly stop: () => void;
} {
  let current: { readonly file: string; readonly bar: Progress } | undefined;
  return {
    update(file, done, total) {
      if (current?.file !== file) {
        current?.bar.stop();
        current = { file, bar: progressBar(file, 'MB', 1e6) };
      }
      current.bar.update(done, total ?? done);
    },
    stop() {
      current?.bar.stop();
    },
  };
}

/** A sub-command with the options that all of them have. */
function command(name: string, description: string, examples: readonly string[], notes = ''): Command {
  const lines = ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)];
  return new Command(name)
    .description(description)
    .addOption(modelsDirOption())
    .addOption(jsonOption())
    .addHelpText('after', [...lines, ...(notes === '' ? [] : ['', notes])].join('\n'));
}

const modelArgument = (): Argument => new Argument('<id>', '"default", the id of a model, or a folder');

function print(flags: StoreFlags, text: string, json: unknown): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(json, null, 2)}\n` : text);
}

/** The catalogue's models in its order, then those that are only installed. */
async function knownModels(store: string): Promise<KnownModel[]> {
  const { listModels, modelCatalogue, modelInfo } = await import('../reader/index.js');
  const listing = await listModels(store);
  reportProblems(listing);
  const installed = new Map(listing.models.map((model) => [model.id, model]));
  installed.set('default', await modelInfo('default', store));
  const rows = new Map(modelCatalogue().map((row) => [row.id, row]));
  return [...new Set([...rows.keys(), ...installed.keys()])].map((id) => ({
    id,
    row: rows.get(id),
    installed: installed.get(id),
  }));
}

function reportProblems({ problems }: ModelListing): void {
  reportLeftOut(problems);
}

async function knownModel(id: string, store: string): Promise<KnownModel> {
  const { modelCatalogue, modelInfo } = await import('../reader/index.js');
  const row = modelCatalogue().find((known) => known.id === id || known.name === id);
  try {
    return { id: row?.id ?? id, row, installed: await modelInfo(id, store) };
  } catch (error) {
    if (row === undefined || !VerbatimError.isInstance(error) || error.code !== 'model-not-found')
      throw error;
    return { id, row, installed: undefined };
  }
}

/** A model of the catalogue, with what is installed of it. */
function asJson({ id, row, installed }: KnownModel): unknown {
  return {
    ...row,
    id,
    installed:
      installed === undefined
        ? null
        : { dtypes: installed.dtypes, folder: installed.folder, manifest: installed.manifest },
  };
}

import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { manifest, pack, Project, run, targetsOf, type Packed } from './support/packed.js';

/** What users need, file by file, and what is generated; anything else in the package is a mistake. */
const FILES: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/,
  /^models\/catalogue\.json$/,
  /^models\/default\/(README\.md|manifest\.json|training\.json|config\.json|profile\.json|tokenizer\.json|tokenizer_config\.json)$/,
  /^models\/default\/onnx\/model_quantized\.onnx$/,
  /^corpora\/(PROVENANCE\.md|help-centre\/[\w/-]+\.md)$/,
  /^dist\/server\/docs\/swagger-ui(-bundle\.js(\.LICENSE\.txt)?|\.css)$/,
  // Bundles and pages, which scripts/build-browser.js makes.
  /^dist\/(widget|browser)\//,
];

/** Entry points that only browsers can load. */
const FOR_BROWSERS: ReadonlySet<string> = new Set(['./widget', './browser']);

/** The packages that an entry point cannot do without, and that a user who does not want it need not install. */
const NEEDS: Readonly<Record<string, string>> = { './langchain': '@langchain/core' };

/** Entry points whose folder there is. */
const entries = Object.keys(manifest.exports).filter(
  (entry) => entry !== './package.json' && existsSync(path.join('src', entry)),
);
const nodeEntries = entries.filter((entry) => !FOR_BROWSERS.has(entry));
const specifier = (entry: string): string => path.posix.join(manifest.name, entry);

let packed: Packed;
let project: Project;
beforeAll(async () => {
  packed = await pack();
  project = await Project.of(packed.file);
});
afterAll(() => {
  packed.remove();
  project.remove();
});

describe('the package', () => {
  it('holds what users need, and nothing else', () => {
    const files = packed.files.map((file) => file.path);
    const isCompiled = (file: string): boolean => {
      const source = /^dist\/(.*?)(?:\.d)?\.([cm]?)[jt]s$/.exec(file);
      return source !== null && existsSync(`src/${source[1] ?? ''}.${source[2] ?? ''}ts`);
    };
    expect(files.filter((file) => !isCompiled(file) && !FILES.some((known) => known.test(file)))).toEqual([]);
    for (const known of FILES.slice(0, -1)) expect(files.some((file) => known.test(file))).toBe(true);
    const { size, unpackedSize } = packed;
    console.log(
      `${files.length} files, ${(size / 1e6).toFixed(1)} MB packed, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked.`,
    );
    // The reader's weights are 23.5 MB of it.
    expect(unpackedSize).toBeLessThan(50e6);
  });

  it('holds every file that its manifest names', () => {
    const files = new Set(packed.files.map((file) => `./${file.path}`));
    for (const entry of entries) {
      for (const target of targetsOf(manifest.exports[entry] ?? {})) {
        expect([entry, target, files.has(target)]).toEqual([entry, target, true]);
      }
    }
    const command = packed.files.find((file) => file.path === 'dist/cli/main.js');
    expect((command?.mode ?? 0) & 0o111).toBe(0o111);
  });

  it('answers in an empty project', async () => {
    const { code, stdout, stderr } = await run(
      'node_modules/.bin/verbatim',
      ['ask', 'How long is the warranty?'],
      project.folder,
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^two years {3}confidence/);
    const version = await run('node_modules/.bin/verbatim', ['--version'], project.folder);
    expect(version.stdout).toBe(`${manifest.version}\n`);
  });

  it('would be published as it is', async () => {
    const asked: string[] = [];
    const registry = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}');
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
    const args = ['publish', packed.file, '--dry-run', '--ignore-scripts', '--loglevel', 'notice'];
    args.push('--registry', address);
    const { code, stderr } = await run('npm', args, temporaryFolder());
    registry.close();
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${manifest.name}@${manifest.version}`)]);
    expect(stderr).not.toMatch(/auto-corrected|errors corrected/);
    expect(asked.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });
});

describe.each(nodeEntries)('the entry point %s', (entry) => {
  const name = specifier(entry);
  const keys = (load: string): string =>
    `const loaded = ${load}; console.log(JSON.stringify(Object.keys(loaded).filter((key) => key !== 'default').sort()));`;
  const needed = NEEDS[entry];

  it.runIf(needed !== undefined)('says which package to install, without it', async () => {
    const bare = await Project.of(packed.file);
    const print = 'console.log(JSON.stringify([error.code, error.message]))';
    const programs = [
      await bare.node(`await import('${name}').catch((error) => ${print});`),
      await bare.node(`try { require('${name}'); } catch (error) { ${print}; }`, 'commonjs'),
    ];
    bare.remove();
    for (const { stdout, stderr } of programs) {
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([
        'invalid-option',
        expect.stringMatching(new RegExp(`${needed ?? ''} .*npm install ${needed ?? ''}`)),
      ]);
    }
  });

  it('can be imported and required, and gives the same', async () => {
    if (needed !== undefined) project.link(needed);
    const imported = await project.node(keys(`await import('${name}')`));
    expect([imported.code, imported.stderr]).toEqual([0, '']);
    expect((JSON.parse(imported.stdout) as string[]).length).toBeGreaterThan(0);
    const required = await project.node(keys(`require('${name}')`), 'commonjs');
    expect(required).toEqual(imported);
  });
});

describe('optional packages', () => {
  it('are named by what needs them', async () => {
    const bare = await Project.of(packed.file);
    const { stdout } = await bare.node(`
      import { OpenSearchRetriever } from 'verbatim-qa/engines';
      const retriever = new OpenSearchRetriever({ index: 'docs', node: 'http://127.0.0.1:9' });
      await retriever.retrieve('Who?').catch((error) => console.log(error.message));
    `);
    bare.remove();
    expect(stdout).toContain('npm install @opensearch-project/opensearch');
    for (const name of Object.keys(manifest.peerDependencies))
      expect(manifest.dependencies).not.toHaveProperty(name);
  });
});

describe('the types', () => {
  it('are found by every kind of module resolution', async () => {
    const excluded = Object.keys(manifest.exports).filter((entry) => !nodeEntries.includes(entry));
    const flags = ['--format', 'json', '--profile', 'node16', '--exclude-entrypoints', ...excluded];
    // All is ESM: a CommonJS module of an old compiler must import it dynamically, while Node.js can require it.
    const { stdout } = await run('node_modules/.bin/attw', [
      packed.file,
      ...flags,
      '--ignore-rules',
      'cjs-resolves-to-esm',
    ]);
    const { analysis } = JSON.parse(stdout) as {
      analysis: {
        entrypoints: Record<string, unknown>;
        problems: { kind: string; resolutionKind?: string }[];
      };
    };
    expect(Object.keys(analysis.entrypoints).sort()).toEqual([...nodeEntries].sort());
    // Resolution of Node.js 10 knows no sub-paths; this package needs 20.19.
    const problems = analysis.problems.filter(
      ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10',
    );
    expect(problems).toEqual([]);
  });

  it.each([
    ['node16', 'node16'],
    ['bundler', 'esnext'],
  ])('check in a program of a user, with resolution %s', async (resolution, module) => {
    project.link('typescript', '@types/node', ...Object.values(NEEDS));
    const imports = nodeEntries.map((entry, i) => `import * as entry${i} from '${specifier(entry)}';`);
    project.write(
      'consumer.ts',
      `${imports.join('\n')}
import { createVerbatim, VerbatimError, type AnswerResult, type Citation } from 'verbatim-qa';
import { createApp, type ServerDeps } from 'verbatim-qa/server';

export async function ask(question: string): Promise<string | undefined> {
  await using qa = await createVerbatim({ corpus: './docs' });
  const result: AnswerResult = await qa.ask(question, { topK: 5, filter: { tags: ['a'] } });
  if (result.kind === 'no-answer') return result.bestRejected?.answer;
  const [citation]: readonly Citation[] = result.citations;
  // @ts-expect-error: a result has no such field.
  result.generated;
  return citation?.quote;
}
export const app = (deps: ServerDeps): unknown => createApp(deps);
export const isOurs = (error: unknown): boolean => VerbatimError.isInstance(error);
export const all: object[] = [${imports.map((_, i) => `entry${i}`).join(', ')}];
`,
    );
    const flags = `--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --target es2023 --lib es2023,esnext.disposable --types node --skipLibCheck --module ${module} --moduleResolution ${resolution}`;
    const compiler = path.resolve('node_modules/.bin/tsc');
    const { code, stdout } = await run(compiler, [...flags.split(' '), 'consumer.ts'], project.folder);
    expect([code, stdout]).toEqual([0, '']);
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const TYPEDOC = path.join(
  path.dirname(createRequire(import.meta.url).resolve('typedoc/package.json')),
  'bin/typedoc',
);

/** Entry points of the package that its compiler knows: source files by the name that they are imported by. */
export function entryPoints(): ReadonlyMap<string, string> {
  const { name, exports } = readJson('package.json') as {
    readonly name: string;
    readonly exports: Readonly<Record<string, { readonly types?: string } | string>>;
  };
  // What runs in a browser is compiled by itself, and described on its own pages.
  const { exclude } = readJson('tsconfig.build.json') as { readonly exclude: readonly string[] };
  const found = new Map<string, string>();
  for (const [subpath, target] of Object.entries(exports)) {
    const types = typeof target === 'string' ? undefined : target.types;
    const source = types?.replace(/^\.\/dist\//, 'src/').replace(/\.d\.ts$/, '.ts');
    if (source === undefined || !existsSync(source)) continue;
    if (exclude.some((folder) => source.startsWith(`${folder}/`))) continue;
    found.set(path.posix.join(name, subpath), source);
  }
  return found;
}

/** Name of an entry point's page: `verbatim-qa` is `index`, `verbatim-qa/server` is `server`. */
export function pageName(entryPoint: string): string {
  return entryPoint.split('/')[1] ?? 'index';
}

/** Writes the reference of the library, a page an entry point, made of the sources' types and comments. */
export function writeLibraryReference(folder: string): void {
  const entries = entryPoints();
  const scratch = mkdtempSync(path.join(tmpdir(), 'verbatim-typedoc-'));
  try {
    runTypedoc([...entries.values()], scratch);
    mkdirSync(folder, { recursive: true });
    for (const entryPoint of entries.keys()) {
      const name = pageName(entryPoint);
      const [, ...body] = readFileSync(path.join(scratch, `${name}.md`), 'utf8').split('\n');
      const page = [`# ${entryPoint}`, ...body].join('\n');
      // Vue would take these for expressions.
      writeFileSync(path.join(folder, `${name}.md`), page.replaceAll('{{', '{<!-- -->{'));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runTypedoc(sources: readonly string[], out: string): void {
  const asTable = [
    'parameters',
    'interfaceProperties',
    'classProperties',
    'propertyMembers',
    'typeDeclaration',
  ];
  const { status } = spawnSync(
    process.execPath,
    [
      TYPEDOC,
      ...sources.flatMap((source) => ['--entryPoints', source]),
      ...asTable.flatMap((what) => [`--${what}Format`, 'table']),
      ...['--tsconfig', 'tsconfig.build.json', '--plugin', 'typedoc-plugin-markdown', '--router', 'module'],
      ...['--readme', 'none', '--disableSources', '--hidePageHeader', '--hideBreadcrumbs'],
      ...['--validation.notExported', 'false', '--logLevel', 'Warn', '--out', out],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error(`TypeDoc ended with ${String(status)}.`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

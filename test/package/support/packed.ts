import { execFile } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHECKOUT = process.cwd();

/** A file, or files by condition. */
export type ExportTarget = string | { readonly [condition: string]: ExportTarget };

/** Every file of an entry point. */
export function targetsOf(target: ExportTarget): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(targetsOf);
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, ExportTarget>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(command: string, args: readonly string[], cwd = CHECKOUT): Promise<ProcessResult> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

export interface PackedFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
}

export interface Packed {
  /** The tarball. */
  readonly file: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly PackedFile[];
  /** Removes it. */
  readonly remove: () => void;
}

/** Packs what has been built, as `npm publish` would. */
export async function pack(): Promise<Packed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-pack-'));
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { code, stdout, stderr } = await run('npm', args);
  if (code !== 0) throw new Error(stderr);
  // An array, or since npm 12 an object by name.
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, Packed & { filename: string }>);
  if (packed === undefined) throw new Error(`npm pack told of no package: ${stdout}`);
  return {
    ...packed,
    file: path.join(folder, packed.filename),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A project of a user: the package from its tarball, and what it depends on, linked from this checkout. */
export class Project {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'verbatim-user-'));
  readonly package = path.join(this.folder, 'node_modules', manifest.name);

  static async of(tarball: string): Promise<Project> {
    const project = new Project();
    mkdirSync(project.package, { recursive: true });
    const args = ['-xzf', tarball, '-C', project.package, '--strip-components', '1'];
    const { code, stderr } = await run('tar', args);
    if (code !== 0) throw new Error(stderr);
    project.link(...Object.keys(manifest.dependencies));
    mkdirSync(path.join(project.folder, 'node_modules/.bin'));
    symlinkSync(
      path.join(project.package, 'dist/cli/main.js'),
      path.join(project.folder, 'node_modules/.bin/verbatim'),
    );
    project.write('package.json', '{ "private": true, "type": "module" }\n');
    return project;
  }

  /** Installs packages that this checkout has. */
  link(...names: readonly string[]): void {
    for (const name of names) {
      const place = path.join(this.folder, 'node_modules', name);
      mkdirSync(path.dirname(place), { recursive: true });
      if (lstatSync(place, { throwIfNoEntry: false }) === undefined) {
        symlinkSync(path.join(CHECKOUT, 'node_modules', name), place);
      }
    }
  }

  write(file: string, text: string): void {
    writeFileSync(path.join(this.folder, file), text);
  }

  /** Runs a program of the user with Node.js. */
  async node(code: string, kind: 'module' | 'commonjs' = 'module'): Promise<ProcessResult> {
    const file = kind === 'module' ? 'program.mjs' : 'program.cjs';
    this.write(file, code);
    return run(process.execPath, [file], this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

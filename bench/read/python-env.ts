import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './child.js';

/** Folder of the Python programs and their pinned requirements. */
export const PYTHON_FOLDER = fileURLToPath(new URL('python', import.meta.url));

/** Each environment and the one whose packages it sees: torch is several gigabytes and installed once. */
const BASE = { torch: undefined, haystack: 'torch', transformers: 'torch', onnxruntime: undefined } as const;

export type EnvironmentName = keyof typeof BASE;

interface Environment {
  readonly python: string;
  readonly sitePackages: string;
  /** Changes with the interpreter and with the requirements of this environment and of its base. */
  readonly fingerprint: string;
}

/** The Python environments of this bench: each is created where it is first needed, once, and used again by later runs. */
export class PythonEnvironments {
  readonly #folder: string;
  readonly #log: (line: string) => void;
  readonly #ready = new Map<EnvironmentName, Promise<Environment>>();

  constructor(folder: string, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  /**
   * The interpreter of an environment.
   *
   * @throws Error with one line of reason if the environment cannot be set up.
   */
  async python(name: EnvironmentName): Promise<string> {
    return (await this.#environment(name)).python;
  }

  #environment(name: EnvironmentName): Promise<Environment> {
    const known = this.#ready.get(name) ?? this.#setUp(name);
    this.#ready.set(name, known);
    return known;
  }

  async #setUp(name: EnvironmentName): Promise<Environment> {
    const baseName = BASE[name];
    const base = baseName === undefined ? undefined : await this.#environment(baseName);
    const folder = path.join(this.#folder, name);
    const python = path.join(folder, 'bin/python');
    const requirements = path.join(PYTHON_FOLDER, `requirements-${name}.txt`);
    const version = await run({ file: 'python3', args: ['-VV'] });
    const fingerprint = createHash('sha256')
      .update(
        JSON.stringify([
          version,
          await readFile(requirements, 'utf8'),
          base?.fingerprint,
          base?.sitePackages,
        ]),
      )
      .digest('hex');

    const stamp = path.join(folder, 'complete');
    if ((await readFile(stamp, 'utf8').catch(() => '')) !== fingerprint) {
      this.#log(`Setting up the Python environment ${folder}`);
      await rm(folder, { recursive: true, force: true });
      await mkdir(this.#folder, { recursive: true });
      await run({ file: 'python3', args: ['-m', 'venv', folder] });
      if (base !== undefined) {
        const link = path.join(await sitePackagesOf(python), 'base-environment.pth');
        await writeFile(link, `${base.sitePackages}\n`);
      }
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
      await run({ file: python, args: [...pip, '--requirement', requirements] });
      await writeFile(stamp, fingerprint);
    }
    return { python, sitePackages: await sitePackagesOf(python), fingerprint };
  }
}

async function sitePackagesOf(python: string): Promise<string> {
  const code = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  return (await run({ file: python, args: ['-c', code] })).trim();
}

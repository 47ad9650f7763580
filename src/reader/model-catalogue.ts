import { readFileSync } from 'node:fs';
import { z } from 'zod';

const dtypeSchema = z.enum(['fp32', 'fp16', 'q8']);

const rowSchema = z.strictObject({
  /** Id on the model hub, or `default` for the reader that is part of this package. */
  id: z.string(),
  /** The embedded reader's own name. */
  name: z.string().optional(),
  architecture: z.string(),
  tokenizer: z.enum(['WordPiece', 'byte-level BPE']),
  case: z.enum(['cased', 'uncased']),
  /** Millions. */
  parameters: z.number().positive(),
  /** As its authors state it, or "not stated". */
  licence: z.string(),
  /** SQuAD 2.0 development set, as its authors report it for the original weights. */
  published: z.strictObject({ exact: z.number(), f1: z.number(), note: z.string().optional() }),
  /** Branch, tag or commit of the repository that `pull` asks. */
  revision: z.string(),
  /** Repository known to hold ONNX weights in the layout that the reader loads; null if none is known. */
  onnx: z.strictObject({ repository: z.string(), dtypes: z.array(dtypeSchema).min(1) }).nullable(),
});

/** A model that this package knows of, whether or not it is installed. */
export type CatalogueRow = Readonly<z.infer<typeof rowSchema>>;

const catalogueSchema = z.strictObject({ format: z.literal(1), models: z.array(rowSchema) });

let rows: readonly CatalogueRow[] | undefined;

/** The models that this package knows of, the embedded one first. Nothing is fetched. */
export function modelCatalogue(): readonly CatalogueRow[] {
  const file = new URL('../../models/catalogue.json', import.meta.url);
  rows ??= catalogueSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).models;
  return rows;
}

/** The catalogue's row of a model, by its id or, for the embedded one, its name. */
export function catalogueRow(id: string): CatalogueRow | undefined {
  return modelCatalogue().find((row) => row.id === id || row.name === id);
}

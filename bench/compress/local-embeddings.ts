import path from 'node:path';
import { Embeddings } from '@langchain/core/embeddings';
import { env, pipeline, type FeatureExtractionPipeline } from '@xenova/transformers';

const BATCH = 32;

/** Sentence embeddings of a model in a folder (Hugging Face's layout with `onnx/model.onnx`): mean-pooled, normalised. Each text is embedded once. */
export class LocalEmbeddings extends Embeddings {
  readonly #model: FeatureExtractionPipeline;
  readonly #known = new Map<string, number[]>();

  private constructor(model: FeatureExtractionPipeline) {
    super({});
    this.#model = model;
  }

  static async load(folder: string): Promise<LocalEmbeddings> {
    env.allowRemoteModels = false;
    env.localModelPath = `${path.dirname(path.resolve(folder))}/`;
    return new LocalEmbeddings(
      await pipeline('feature-extraction', path.basename(folder), { dtype: 'fp32', local_files_only: true }),
    );
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    // Texts of one length together, so that little is padded.
    const missing = [...new Set(texts)]
      .filter((text) => !this.#known.has(text))
      .sort((a, b) => a.length - b.length);
    for (let i = 0; i < missing.length; i += BATCH) {
      const batch = missing.slice(i, i + BATCH);
      const output = await this.#model(batch, { pooling: 'mean', normalize: true });
      (output.tolist() as number[][]).forEach((vector, j) => this.#known.set(batch[j] ?? '', vector));
    }
    return texts.map((text) => this.#known.get(text) ?? []);
  }

  override async embedQuery(text: string): Promise<number[]> {
    const [vector = []] = await this.embedDocuments([text]);
    return vector;
  }
}

/** transformers.js' question-answering pipeline: `transformers-js.js MODEL_FOLDER DTYPE`. Takes one passage a call, never abstains. */
import path from 'node:path';
import { env, pipeline, type DataType } from '@xenova/transformers';
import { serve } from './serve.js';

const [model = '', dtype] = process.argv.slice(2);

await serve(async () => {
  env.allowRemoteModels = false;
  env.localModelPath = path.dirname(model);
  const reader = await pipeline('question-answering', path.basename(model), {
    dtype: dtype as DataType,
    device: 'cpu',
    session_options: {
      logSeverityLevel: 3,
      ...(process.env['BENCH_THREADS'] === 'one' ? { intraOpNumThreads: 1, interOpNumThreads: 1 } : {}),
    },
  });
  return {
    answer: async (question, passages) => {
      let best = { answer: '', score: -Infinity };
      for (const passage of passages) {
        const found = await reader(question, passage);
        if (found.score > best.score) best = found;
      }
      return best.answer;
    },
    versions: { 'transformers.js': env.version },
  };
});

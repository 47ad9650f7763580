import { createVerbatim } from '../../src/index.js';
import { loadCorpus, readSquadFile } from '../../src/ingest/index.js';
import {
  askPipeline,
  evaluateQuestions,
  locateParagraphs,
  summarizeRun,
} from '../../src/evaluation/index.js';

/** End-to-end figures of a sample corpus that are pinned. All but the last two are better when larger. */
export interface CorpusFigures {
  readonly f1: number;
  readonly HasAns_f1: number;
  readonly NoAns_f1: number;
  /** Percent, as are all. */
  readonly recallAt1: number;
  readonly recallAt10: number;
  readonly answerRecall: number;
  /** Area under the risk–coverage curve and expected calibration error: better when smaller. */
  readonly aurc: number;
  readonly calibrationError: number;
}

export const SAMPLE_CORPORA = ['help-centre', 'handbook', 'encyclopedia'] as const;

/** Asks every question of a sample corpus of the whole pipeline, with all defaults. */
export async function measureCorpus(name: (typeof SAMPLE_CORPORA)[number]): Promise<CorpusFigures> {
  const set = await readSquadFile(`corpora/${name}.questions.json`);
  const { documents } = await loadCorpus([`corpora/${name}`]);
  await using verbatim = await createVerbatim({ documents });
  const judged = await evaluateQuestions(set, askPipeline(verbatim), {
    retriever: verbatim.retriever,
    places: locateParagraphs(set.paragraphs, documents),
  });
  const {
    f1,
    HasAns_f1 = NaN,
    NoAns_f1 = NaN,
    retrieval,
    selective,
  } = summarizeRun(judged, { resamples: 1 });
  const percent = (share: number | undefined): number => Number((100 * (share ?? NaN)).toFixed(2));
  return {
    f1: percent(f1 / 100),
    HasAns_f1: percent(HasAns_f1 / 100),
    NoAns_f1: percent(NoAns_f1 / 100),
    recallAt1: percent(retrieval?.recallAt['1']),
    recallAt10: percent(retrieval?.recallAt['10']),
    answerRecall: percent(retrieval?.answerRecall),
    aurc: percent(selective?.aurc),
    calibrationError: percent(selective?.expectedCalibrationError),
  };
}

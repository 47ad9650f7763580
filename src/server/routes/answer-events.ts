import type { RetrievedPassage } from '../../core/passage.js';
import type { PassageReading } from '../../reader/index.js';
import type { StageTimes } from '../metrics.js';

/** The passages that will be read, best first, without their text. */
export function passagesEvent(passages: readonly RetrievedPassage[]): object {
  return {
    passages: passages.map(({ id, documentId, title, uri, score, rank }) => ({
      id,
      documentId,
      title,
      uri,
      score,
      rank,
    })),
  };
}

/** What one passage would answer. It becomes the answer, or is rejected, only when all that is needed has been read. */
export function candidateEvent({
  passage,
  spans,
  nullScore,
  margin,
}: PassageReading<RetrievedPassage>): object {
  const [best] = spans;
  return {
    passageId: passage.id,
    rank: passage.rank,
    answer: best?.text ?? null,
    score: best?.score ?? null,
    nullScore,
    margin,
  };
}

/** Milliseconds of each stage, for who asked for an explanation. */
export function timesEvent({ retrieve, read, aggregate }: StageTimes): object {
  return { retrieveMs: retrieve, readMs: read, aggregateMs: aggregate };
}

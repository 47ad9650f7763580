import { describe, expect, it } from 'vitest';
import { createVerbatim, type AnswerProgress, type Verbatim } from '../../src/index.js';
import { lampDocuments } from '../server/support/documents.js';
import { NumberReader } from '../server/support/readers.js';

const QUESTION = 'Which lamp has a warranty, returns or colours?';

const verbatim = (reader: NumberReader): Promise<Verbatim> =>
  createVerbatim({
    documents: lampDocuments(),
    reader,
    profile: { aggregation: 'null-score', threshold: 0, calibration: { slope: 1, intercept: 0 } },
  });

describe('onProgress', () => {
  it.each([false, true])(
    'tells of the passages and then of each one read, which are the same in rounds (%s)',
    async (inRounds) => {
      const reader = new NumberReader();
      const qa = await verbatim(reader);
      const events: AnswerProgress[] = [];
      const result = await qa.ask(QUESTION, { inRounds, onProgress: (event) => events.push(event) });
      const ids = events.flatMap((event) => (event.stage === 'read' ? [event.reading.passage.id] : []));
      expect(events[0]).toMatchObject({ stage: 'retrieved', passages: ids.map((id) => ({ id })) });
      expect(events).toHaveLength(ids.length + 1);
      expect(ids).toHaveLength(result.passagesRead);
      // Two at a time.
      expect(reader.questions).toHaveLength(inRounds ? Math.ceil(ids.length / 2) : 1);
      expect(ids.length).toBeGreaterThan(2);
      expect(result).toEqual(await qa.ask(QUESTION));
    },
  );
});

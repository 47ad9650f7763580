import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseSquad, readSquadFile } from '../../src/ingest/index.js';
import { errorOf } from '../support/error-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const withQuestions = (...qas: unknown[]): unknown => ({
  version: 'v2.0',
  data: [{ title: 'T', paragraphs: [{ context: '😀 ends after two years.', qas }] }],
});
const good = {
  id: '1',
  question: 'When?',
  answers: [{ text: 'two years', answer_start: 13 }],
  is_impossible: false,
};
const impossible = { id: '2', question: 'Why?', answers: [], is_impossible: true, plausible_answers: [] };

describe('parseSquad', () => {
  it('turns code points into UTF-16 offsets and reads unanswerable questions', () => {
    const { questions, paragraphs } = parseSquad(withQuestions(good, impossible), 'x.json');
    expect(questions[0]?.answers).toEqual([{ text: 'two years', start: 14, end: 23 }]);
    expect(questions[1]?.answers).toEqual([]);
    expect(paragraphs).toEqual([{ title: 'T', text: '😀 ends after two years.' }]);
  });

  it.each([
    [
      'a wrong offset',
      withQuestions({ ...good, answers: [{ text: 'two years', answer_start: 12 }] }),
      /"1".*"two years"/,
    ],
    ['a duplicate id', withQuestions(good, good), /"1" stands twice/],
    ['a missing field', { data: [{ paragraphs: [{ qas: [] }] }] }, /data\.0\.paragraphs\.0\.context/],
    ['other JSON', [], /not a SQuAD JSON file/],
  ])('refuses %s and says where', async (_what, json, message) => {
    const error = await errorOf(() => parseSquad(json, 'x.json'));
    expect(error.code).toBe('dataset-invalid');
    expect(error.message).toMatch(message);
  });
});

describe('readSquadFile', () => {
  it('reads plain and gzipped files alike', async () => {
    const json = JSON.stringify(withQuestions(good));
    const folder = temporaryFolder({ 'a.json': json, 'a.json.gz': gzipSync(json) });
    expect(await readSquadFile(path.join(folder, 'a.json.gz'))).toEqual(
      await readSquadFile(path.join(folder, 'a.json')),
    );
  });

  it.each([
    ['damaged JSON', '{"data": ['],
    ['a cut gzip file', gzipSync(JSON.stringify(withQuestions(good))).subarray(0, 40)],
  ])('refuses %s', async (_what, content) => {
    const file = path.join(temporaryFolder({ x: content }), 'x');
    const error = await errorOf(() => readSquadFile(file));
    expect(error.code).toBe('dataset-invalid');
    expect(error.message).toContain(file);
  });

  it('refuses a file that does not exist', async () => {
    expect((await errorOf(() => readSquadFile('no-such.json'))).code).toBe('path-not-found');
  });
});

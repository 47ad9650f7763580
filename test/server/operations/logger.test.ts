import { expect, it } from 'vitest';
import { createLogger, type LoggerOptions } from '../../../src/server/operations/logger.js';

function logged(options: LoggerOptions, fields: object): Record<string, unknown> {
  const lines: string[] = [];
  createLogger({ ...options, destination: { write: (line) => void lines.push(line) } }).info(
    fields,
    'request',
  );
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

it('writes one line of JSON a record: ISO time, level by name, fields, message', () => {
  const record = logged({}, { requestId: 'r1', status: 200 });
  expect(record).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    requestId: 'r1',
    status: 200,
    msg: 'request',
  });
});

it('leaves the text of questions out, wherever it stands, unless it is asked for', () => {
  const fields = { question: 'Who am I?', request: { questions: ['Who am I?'], bytes: 9 } };
  expect(JSON.stringify(logged({}, fields))).not.toContain('Who am I?');
  expect(logged({}, fields)['request']).toEqual({ bytes: 9 });
  expect(logged({ questions: true }, fields)['question']).toBe('Who am I?');
});

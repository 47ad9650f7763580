import { answerResponse } from '../../wire/result.js';
import type { GivenAnswer } from '../answers/recent-answers.js';
import { sendTagged } from '../http/entity-tag.js';
import { EventStream, wantsEvents } from '../http/event-stream.js';
import { ClientGone, problemOf } from '../http/problem.js';
import { sendCached, sendTimes } from '../http/server-timing.js';
import { defineRoute, type Call, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import type { AnswerRequest } from '../schemas/questions.js';
import type { StageTimes } from '../metrics.js';
import type { ServerContext } from '../server-context.js';
import { candidateEvent, passagesEvent, timesEvent } from './answer-events.js';
import { noteAnswer, noteQuestion } from './notes.js';
import { present } from './present.js';

/** POST /v1/answer */
export function answerRoute(context: ServerContext, schemas: Schemas): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/answer',
    scope: 'read',
    summary:
      'Answers a question with words that stand in a source, or says that no passage supports an answer',
    description:
      'With `Accept: text/event-stream` the events `passages`, `candidate` (one for each passage read) and `answer` or `problem` ' +
      'are sent as things become known; a result from the cache comes at once as `answer`. A request whose `If-None-Match` names ' +
      'the answer gets 304. Where `explain` is asked for, the event `times` before `answer` has the milliseconds of each stage; else ' +
      'they stand in the header `Server-Timing`.',
    body: schemas.answerRequest,
    responses: {
      200: {
        description: 'An answer, or an honest "no answer"',
        content: { 'application/json': answerResponse, 'text/event-stream': undefined },
      },
      304: { description: 'The answer is the one that the client has' },
    },
    handle: (call) => (wantsEvents(call.req) ? streamAnswer(context, call) : sendAnswer(context, call)),
  });
}

async function sendAnswer({ deps, answers }: ServerContext, call: Call<AnswerRequest>): Promise<void> {
  const { question, ...options } = call.body;
  noteQuestion(call, deps, question);
  const known = answers.known(question, options);
  if (known !== undefined) sendCached(call.res);
  const onTimes = (times: StageTimes): void => sendTimes(call.res, times);
  const given =
    known ?? (await answers.inSlot(() => answers.ask(question, options, { signal: call.signal, onTimes })));
  noteAnswer(call, given, known !== undefined);
  sendTagged(call.req, call.res, given.answerId, present(given));
}

async function streamAnswer({ deps, answers }: ServerContext, call: Call<AnswerRequest>): Promise<void> {
  const { question, ...options } = call.body;
  noteQuestion(call, deps, question);
  const events = new EventStream(call.res);
  const read = (): Promise<GivenAnswer> =>
    answers.ask(question, options, {
      signal: call.signal,
      // Its headers are sent before there is anything to time.
      ...(options.explain === true ? { onTimes: (times) => events.send('times', timesEvent(times)) } : {}),
      onProgress: (progress) => {
        if (progress.stage === 'retrieved') events.send('passages', passagesEvent(progress.passages));
        else events.send('candidate', candidateEvent(progress.reading));
      },
    });
  try {
    const known = answers.known(question, options);
    const given = known ?? (await answers.inSlot(read));
    noteAnswer(call, given, known !== undefined);
    events.send('answer', present(given));
  } catch (error) {
    if (!events.isOpen || error instanceof ClientGone) throw error;
    call.exchange.report(error);
    events.send('problem', problemOf(error, call.exchange.requestId).body);
  }
  events.end();
}

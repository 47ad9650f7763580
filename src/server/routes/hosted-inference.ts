import { CodePointOffsets } from '../../core/offsets.js';
import type { DecideOptions } from '../../pipeline/index.js';
import { defineRoute, type Call, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import {
  hostedAnswers,
  scoreResponse,
  strideWithin,
  type Parameters,
  type QuestionInContext,
} from '../schemas/hosted-inference.js';
import type { ServerContext } from '../server-context.js';

/** No null score beats a span by this much: the best span is given, however bad. */
const NEVER_ABSTAIN = Number.MAX_VALUE;

interface HostedAnswer {
  readonly answer: string;
  readonly score: number;
  /** Code points, as those clients count. */
  readonly start: number;
  readonly end: number;
}

/** Surely none. */
const ABSTAINED: HostedAnswer = { answer: '', score: 1, start: 0, end: 0 };

/** POST /huggingface and /score: the shapes of the question-answering endpoints of Hugging Face and of Azure ML. */
export function hostedInferenceRoutes(context: ServerContext, schemas: Schemas): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/huggingface',
      scope: 'read',
      summary: "Hugging Face's question-answering task",
      description:
        'One object for one question, a list for top_k > 1; for a list of inputs a list of these. Offsets are code points. An abstention is ' +
        'the answer "" at 0 with handle_impossible_answer, else the best span is given.',
      body: schemas.huggingFaceRequest,
      responses: { 200: { description: 'Answers', content: { 'application/json': hostedAnswers } } },
      handle: async (call) => {
        const { inputs, parameters } = call.body;
        const answerOne = async (input: QuestionInContext): Promise<HostedAnswer | HostedAnswer[]> => {
          const answers = await answersIn(context, call, input, parameters ?? {});
          return (parameters?.top_k ?? 1) > 1 ? answers : (answers[0] ?? ABSTAINED);
        };
        // Array.isArray does not tell one from a readonly list of many.
        const answers = await context.answers.inSlot<unknown>(() =>
          'context' in inputs ? answerOne(inputs) : eachInTurn(inputs, answerOne),
        );
        call.res.setHeader('Cache-Control', 'no-store');
        call.res.json(answers);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/score',
      scope: 'read',
      summary: "Azure ML's question-answering endpoint",
      description:
        'One answer for each question and context. Offsets are code points; abstentions as in /huggingface.',
      body: schemas.scoreRequest,
      responses: { 200: { description: 'Answers', content: { 'application/json': scoreResponse } } },
      handle: async (call) => {
        const { inputs, parameters } = call.body;
        const pairs = inputs.question.map((question, i) => ({ question, context: inputs.context[i] ?? '' }));
        const answers = await context.answers.inSlot(() =>
          eachInTurn(pairs, async (pair) => {
            const [best = ABSTAINED] = await answersIn(context, call, pair, { ...parameters, top_k: 1 });
            return best;
          }),
        );
        call.res.setHeader('Cache-Control', 'no-store');
        call.res.json(answers);
      },
    }),
  ];
}

async function eachInTurn<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await action(item));
  return results;
}

/** At least one answer. */
async function answersIn(
  { answers }: ServerContext,
  { signal }: Pick<Call, 'signal'>,
  { question, context }: QuestionInContext,
  parameters: Parameters,
): Promise<HostedAnswer[]> {
  const hits = [{ id: 'context', text: context }];
  const result = await answers.decide(question, hits, decideOptions(parameters), { signal });
  if (result.kind === 'no-answer')
    return [{ ...ABSTAINED, score: 1 - (result.bestRejected?.confidence ?? 0) }];
  const offsets = new CodePointOffsets(context);
  return [result, ...result.alternatives].map(({ answer, confidence, citations }) => ({
    answer,
    score: confidence,
    start: offsets.toCodePoint(citations[0]?.start ?? 0),
    end: offsets.toCodePoint(citations[0]?.end ?? 0),
  }));
}

function decideOptions(parameters: Parameters): DecideOptions {
  const { top_k, doc_stride, max_answer_len, max_seq_len, max_question_len, align_to_words } = parameters;
  return {
    alternatives: (top_k ?? 1) - 1,
    ...(parameters.handle_impossible_answer === true ? {} : { threshold: NEVER_ABSTAIN }),
    ...(max_seq_len == null ? {} : { maxSequenceLength: max_seq_len }),
    ...(max_question_len == null ? {} : { maxQuestionLength: max_question_len }),
    ...(max_answer_len == null ? {} : { maxAnswerLength: max_answer_len }),
    ...(align_to_words == null ? {} : { alignToWords: align_to_words }),
    stride: doc_stride ?? strideWithin(max_seq_len),
    // A context has no headings to make room for.
    maxPreambleLength: 0,
  };
}

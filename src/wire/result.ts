import { z } from 'zod';

/** What the library gives, as JSON. HTTP only describes it by these, and the tests hold every response against them; MCP checks, too. */

const offset = z.int().min(0);
/** JSON has no infinity; a passage without a word has no best span. */
const scoreOfPassage = z.number().nullable().describe('null for a passage without a word');

export const metadata = z.strictObject({
  tags: z.array(z.string()).exactOptional(),
  date: z.string().exactOptional(),
});

export const citation = z.strictObject({
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  link: z.string().exactOptional().describe('opens the source at the quote'),
  headings: z.array(z.string()),
  page: z.int().exactOptional(),
  line: z.int().exactOptional(),
  start: offset.describe('UTF-16 offset into the text of the document'),
  end: offset,
  quote: z.string(),
  sentence: z.strictObject({ start: offset, end: offset, text: z.string() }),
});

const contributions = z.array(
  z.strictObject({ feature: z.string(), value: z.number(), weight: z.number(), contribution: z.number() }),
);

export const candidate = z.strictObject({
  answer: z.string(),
  confidence: z.number().min(0).max(1).describe('calibrated probability that the answer is correct'),
  score: z.number().describe('span score: start logit + end logit'),
  nullScore: z.number(),
  margin: z.number().describe('score − nullScore'),
  citations: z.array(citation),
  fusionScore: z.number().exactOptional(),
  features: contributions.exactOptional(),
  answerability: z
    .number()
    .min(0)
    .max(1)
    .exactOptional()
    .describe('how far giving this answer pays; from one half on it does'),
  answerabilityFeatures: contributions.exactOptional(),
});

export const termContribution = z.strictObject({
  term: z.string(),
  correctedFrom: z.string().exactOptional(),
  queryFrequency: z.int(),
  termFrequency: z.int(),
  forms: z.array(z.strictObject({ term: z.string(), termFrequency: z.int() })).exactOptional(),
  passageFrequency: z.int(),
  inverseDocumentFrequency: z.number(),
  contribution: z.number(),
  windowContribution: z.number().exactOptional(),
});

export const retrievedPassage = z.strictObject({
  id: z.string(),
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  metadata: metadata.exactOptional(),
  headings: z.array(z.string()),
  start: offset.describe('UTF-16 offset into the text of the document'),
  end: offset,
  text: z.string(),
  anchors: z.array(
    z.strictObject({
      start: offset,
      line: z.int().exactOptional(),
      page: z.int().exactOptional(),
      fragment: z.string().exactOptional(),
    }),
  ),
  score: z.number(),
  rank: z.int().min(1),
  explanation: z.array(termContribution).exactOptional(),
});

const linearModel = {
  intercept: z.number(),
  weights: z.record(z.string(), z.number()).describe('of each feature'),
};

/** What decided, with its numbers: see `AggregationProfile`. */
const profile = z.discriminatedUnion('aggregation', [
  z.strictObject({
    aggregation: z.literal('null-score'),
    threshold: z.number(),
    calibration: z.strictObject({ slope: z.number(), intercept: z.number() }),
  }),
  z.strictObject({
    aggregation: z.literal('fusion'),
    threshold: z.number(),
    ...linearModel,
    answerability: z.strictObject(linearModel),
    calibration: z.strictObject({ slope: z.number(), complementSlope: z.number(), intercept: z.number() }),
    minConfidence: z.number(),
    minAnswerability: z.number(),
    enoughScores: z.array(z.number()).exactOptional(),
  }),
]);

const scoredSpan = z.strictObject({
  start: offset.describe("UTF-16 offset into the passage's own text"),
  end: offset,
  text: z.string(),
  startLogit: z.number(),
  endLogit: z.number(),
  score: z.number(),
});

const tokenScore = z.strictObject({
  start: offset.describe("UTF-16 offset into the passage's own text"),
  end: offset,
  startLogit: z.number(),
  endLogit: z.number(),
});

export const passageDecision = z.strictObject({
  rank: z.int().min(1),
  retrievalScore: z.number(),
  passage: retrievedPassage.extend({
    preamble: z.string().describe('what was read above the text: title and headings'),
  }),
  bestSpan: z.string(),
  score: scoreOfPassage,
  nullScore: scoreOfPassage,
  margin: scoreOfPassage,
  kept: z.boolean(),
  spans: z.array(scoredSpan).describe('what the best span was chosen from, best first'),
  windowCount: z.int().min(1),
  tokens: z.array(tokenScore).exactOptional().describe("over the passage's best context window"),
});

const summary = {
  aggregation: z.enum(['null-score', 'fusion']),
  threshold: z.number(),
  minConfidence: z.number().exactOptional(),
  minAnswerability: z.number().exactOptional(),
  passagesRead: z.int(),
  passagesDropped: z.int(),
  explanation: z.array(passageDecision).exactOptional(),
  profile: profile.exactOptional().describe('the rule with its numbers, where explain was asked for'),
};

const answerId = z.string().describe('digest of question and result; feedback names it');

export const answer = z.strictObject({
  answerId,
  kind: z.literal('answer'),
  ...candidate.shape,
  conflicting: z.boolean(),
  alternatives: z.array(candidate),
  ...summary,
});

export const noAnswer = z.strictObject({
  answerId,
  kind: z.literal('no-answer'),
  reason: z.enum(['no-passages', 'no-support']),
  bestRejected: candidate.nullable(),
  ...summary,
});

export const answerResponse = z.discriminatedUnion('kind', [answer, noAnswer]);

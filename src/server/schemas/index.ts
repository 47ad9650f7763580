import type { z } from 'zod';
import { filter } from '../../wire/filter.js';
import * as results from '../../wire/result.js';
import type { ServerLimits } from '../deps.js';
import { documentBody, documentLine } from './documents.js';
import { feedbackRequest } from './feedback.js';
import {
  hostedAnswer,
  hostedAnswers,
  hostedInferenceSchemas,
  scoreResponse,
  type HostedInferenceSchemas,
} from './hosted-inference.js';
import { problem } from './problem.js';
import { questionSchemas, type QuestionSchemas } from './questions.js';
import { readSchemas, type ReadSchemas } from './read.js';
import * as responses from './responses.js';
import { searchSchemas, type SearchSchemas } from './search.js';

/** Request schemas whose bounds are the server's limits. */
export type Schemas = QuestionSchemas & ReadSchemas & SearchSchemas & HostedInferenceSchemas;

export function createSchemas(limits: ServerLimits): Schemas {
  return {
    ...questionSchemas(limits),
    ...readSchemas(limits),
    ...searchSchemas(limits),
    ...hostedInferenceSchemas(limits),
  };
}

/** The schemas that have a name in the OpenAPI document. */
export function namedSchemas(schemas: Schemas): Readonly<Record<string, z.ZodType>> {
  return {
    AnswerRequest: schemas.answerRequest,
    BatchRequest: schemas.batchRequest,
    ReadRequest: schemas.readRequest,
    SearchRequest: schemas.searchRequest,
    HuggingFaceRequest: schemas.huggingFaceRequest,
    ScoreRequest: schemas.scoreRequest,
    Filter: filter,
    DocumentBody: documentBody,
    DocumentLine: documentLine,
    FeedbackRequest: feedbackRequest,
    Metadata: results.metadata,
    Citation: results.citation,
    Candidate: results.candidate,
    TermContribution: results.termContribution,
    RetrievedPassage: results.retrievedPassage,
    PassageDecision: results.passageDecision,
    Answer: results.answer,
    NoAnswer: results.noAnswer,
    AnswerResponse: results.answerResponse,
    BatchResponse: responses.batchResponse,
    SearchResponse: responses.searchResponse,
    SuggestResponse: responses.suggestResponse,
    DocumentSummary: responses.documentSummary,
    DocumentList: responses.documentList,
    Document: responses.documentResponse,
    DocumentChange: responses.documentChange,
    DocumentStreamLine: responses.streamLine,
    FeedbackResponse: responses.feedbackResponse,
    Info: responses.infoResponse,
    Health: responses.healthResponse,
    HostedAnswer: hostedAnswer,
    HostedAnswers: hostedAnswers,
    ScoreResponse: scoreResponse,
    Problem: problem,
  };
}

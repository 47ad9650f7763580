import { z } from 'zod';
import type { DocumentCriteria } from '../../retriever/index.js';
import { dateBound, filter, glob, MAX_TAGS, tag } from '../../wire/filter.js';
import type { ServerLimits } from '../deps.js';
import { booleanParameter, integerParameter } from '../http/query-parameters.js';

/** A page of a list of passages. */
export interface PageFields {
  readonly topK?: number;
  readonly offset?: number;
  readonly limit?: number;
  readonly explain?: boolean;
}

export interface SearchRequest extends PageFields {
  readonly question: string;
  readonly filter?: DocumentCriteria;
}

export interface SearchQuery extends PageFields {
  readonly q: string;
  readonly tag?: readonly string[];
  readonly path?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface SuggestQuery {
  readonly q: string;
  readonly limit?: number;
}

/** Query parameters, with each one's schema. */
export type QuerySchema<Query> = z.ZodType<Query> & { readonly shape: Readonly<Record<string, z.ZodType>> };

export interface SearchSchemas {
  readonly searchRequest: z.ZodType<SearchRequest>;
  readonly searchQuery: QuerySchema<SearchQuery>;
  readonly suggestQuery: QuerySchema<SuggestQuery>;
}

const MAX_SUGGESTIONS = 20;

const ABOUT = {
  topK: 'how far down the list goes',
  offset: 'passages to pass over, 0 by default',
  limit: 'passages of a page at most, 10 by default',
};

export function searchSchemas({ passages, questionCharacters }: ServerLimits): SearchSchemas {
  const question = z.string().min(1).max(questionCharacters);
  return {
    searchRequest: z.strictObject({
      question,
      topK: z.int().min(1).max(passages).exactOptional().describe(ABOUT.topK),
      offset: z.int().min(0).max(passages).exactOptional().describe(ABOUT.offset),
      limit: z.int().min(1).max(passages).exactOptional().describe(ABOUT.limit),
      filter: filter.exactOptional(),
      explain: z.boolean().exactOptional(),
    }),
    searchQuery: z.strictObject({
      q: question,
      topK: integerParameter(1, passages).exactOptional().describe(ABOUT.topK),
      offset: integerParameter(0, passages).exactOptional().describe(ABOUT.offset),
      limit: integerParameter(1, passages).exactOptional().describe(ABOUT.limit),
      tag: z.array(tag).min(1).max(MAX_TAGS).exactOptional().describe('at least one of these'),
      path: glob.exactOptional().describe('glob of document ids'),
      from: dateBound.exactOptional().describe('ISO 8601'),
      to: dateBound.exactOptional().describe('ISO 8601'),
      explain: booleanParameter.exactOptional(),
    }),
    suggestQuery: z.strictObject({
      q: question.describe('what has been typed so far; the last word may be unfinished'),
      limit: integerParameter(1, MAX_SUGGESTIONS).exactOptional().describe('6 by default'),
    }),
  };
}

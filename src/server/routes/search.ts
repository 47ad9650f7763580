import type { RetrievedPassage } from '../../core/passage.js';
import type { Span } from '../../core/span.js';
import type { DocumentCriteria } from '../../retriever/index.js';
import { highlights } from '../answers/highlights.js';
import { digest, sendTagged } from '../http/entity-tag.js';
import { defineRoute, type Call, type Route } from '../http/route.js';
import type { Schemas } from '../schemas/index.js';
import { searchResponse } from '../schemas/responses.js';
import type { SearchQuery, SearchRequest } from '../schemas/search.js';
import type { ServerContext } from '../server-context.js';
import { noteQuestion } from './notes.js';

const DEFAULT_LIMIT = 10;

interface Page {
  readonly passages: readonly (RetrievedPassage & { readonly highlights: readonly Span[] })[];
  readonly offset: number;
  readonly next?: number;
}

/** GET and POST /v1/search */
export function searchRoutes(context: ServerContext, schemas: Schemas): Route[] {
  const common = {
    path: '/v1/search',
    scope: 'read',
    responses: {
      200: { description: 'A page of passages', content: { 'application/json': searchResponse } },
    },
  } as const;
  return [
    defineRoute({
      ...common,
      method: 'get',
      summary: 'Finds passages for a question',
      query: schemas.searchQuery,
      responses: { ...common.responses, 304: { description: 'The page is the one that the client has' } },
      handle: async (call) => {
        const page = await search(context, call, requestOf(call.query));
        sendTagged(call.req, call.res, digest(page), page);
      },
    }),
    defineRoute({
      ...common,
      method: 'post',
      summary: 'Finds passages for a question, with the filter of an answer',
      body: schemas.searchRequest,
      handle: async (call) => {
        const page = await search(context, call, call.body);
        call.res.setHeader('Cache-Control', 'no-store');
        call.res.json(page);
      },
    }),
  ];
}

function requestOf({ q, tag, path, from, to, ...page }: SearchQuery): SearchRequest {
  const filter: DocumentCriteria = {
    ...(tag === undefined ? {} : { tags: tag }),
    ...(path === undefined ? {} : { path }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  return { question: q, ...page, filter };
}

async function search(
  { deps, limits, observers }: ServerContext,
  call: Pick<Call, 'exchange' | 'signal'>,
  request: SearchRequest,
): Promise<Page> {
  const {
    question,
    topK = limits.passages,
    offset = 0,
    limit = DEFAULT_LIMIT,
    filter,
    explain = false,
  } = request;
  noteQuestion(call, deps, question);
  const began = performance.now();
  const end = Math.min(offset + limit, topK);
  const found = await deps.verbatim.retriever.retrieve(question, {
    // One more tells whether there is a next page.
    topK: Math.min(end + 1, topK),
    signal: call.signal,
    // Says which words to highlight.
    explain: true,
    ...(filter === undefined ? {} : { filter }),
  });
  observers.metrics.stage('retrieve', (performance.now() - began) / 1000);
  return {
    passages: found.slice(offset, end).map((passage) => {
      const { explanation, ...shown } = passage;
      return {
        ...shown,
        highlights: highlights(question, passage),
        ...(explain && explanation !== undefined ? { explanation } : {}),
      };
    }),
    offset,
    ...(found.length > end ? { next: end } : {}),
  };
}

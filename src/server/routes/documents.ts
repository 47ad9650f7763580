import { z } from 'zod';
import { readDocument } from '../answers/read-document.js';
import { HttpProblem } from '../http/problem.js';
import { integerParameter } from '../http/query-parameters.js';
import { defineRoute, type Call, type Route } from '../http/route.js';
import { validate } from '../http/validate.js';
import { documentBody, documentId } from '../schemas/documents.js';
import { documentChange, documentList, documentResponse } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';
import { requireIndex } from './require-index.js';

const PATH = '/v1/documents/:id';
const LONGEST_LIST = 1000;

const listQuery = z.strictObject({
  after: z.string().max(2048).exactOptional().describe('the "next" of the page before'),
  limit: integerParameter(1, LONGEST_LIST)
    .exactOptional()
    .describe('documents of a page at most, 100 by default'),
});

/** GET, PUT and DELETE /v1/documents/:id, GET /v1/documents */
export function documentRoutes(context: ServerContext): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/documents',
      scope: 'read',
      summary: 'Lists the documents in the order of their ids',
      query: listQuery,
      responses: { 200: { description: 'A page', content: { 'application/json': documentList } } },
      handle: async ({ query, res }) => {
        res.setHeader('Cache-Control', 'no-store');
        res.json(await requireIndex(context).list(query));
      },
    }),
    defineRoute({
      method: 'get',
      path: PATH,
      scope: 'read',
      summary: 'A document, with the text that citations index',
      responses: { 200: { description: 'The document', content: { 'application/json': documentResponse } } },
      handle: async (call) => {
        const wanted = idOf(call);
        const document = await requireIndex(context).get(wanted);
        if (document === undefined) throw missing();
        const { id, title, uri, metadata, text } = document;
        call.res.setHeader('Cache-Control', 'no-store');
        call.res.json({ id, title, uri, ...(metadata === undefined ? {} : { metadata }), text });
      },
    }),
    defineRoute({
      method: 'put',
      path: PATH,
      scope: 'write',
      summary: 'Puts a document in, in place of the one of the same id',
      description: 'It is on disk, and every later search sees it, when the response comes.',
      body: documentBody,
      responses: {
        200: { description: 'It was there before', content: { 'application/json': documentChange } },
        201: { description: 'It is new', content: { 'application/json': documentChange } },
      },
      handle: async (call) => {
        const id = idOf(call);
        const change = await requireIndex(context).upsert([readDocument(id, call.body)]);
        call.res.setHeader('Cache-Control', 'no-store');
        call.res.status(change.added === 0 ? 200 : 201).json({ id, ...change });
      },
    }),
    defineRoute({
      method: 'delete',
      path: PATH,
      scope: 'write',
      summary: 'Takes a document out',
      responses: { 200: { description: 'It is gone', content: { 'application/json': documentChange } } },
      handle: async (call) => {
        const id = idOf(call);
        const change = await requireIndex(context).apply({ remove: [id] });
        if (change.removed === 0) throw missing();
        call.res.setHeader('Cache-Control', 'no-store');
        call.res.json({ id, ...change });
      },
    }),
  ];
}

function idOf({ req }: Pick<Call, 'req'>): string {
  return validate(z.object({ id: documentId }), req.params).id;
}

function missing(): HttpProblem {
  return new HttpProblem('document-not-found', 'There is no document with this id.');
}

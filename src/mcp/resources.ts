import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type McpServer,
} from '@modelcontextprotocol/server';
import type { McpContext } from './deps.js';
import { DOCUMENT_URI_TEMPLATE, documentIdOf, documentUri } from './document-uri.js';

const PAGE = 100;
const MIME_TYPE = 'text/plain';

/** The documents as resources: a list in pages, a template, and the whole text of each. The SDK's own list has no pages. */
export function registerResources({ server }: McpServer, { deps }: McpContext): void {
  server.setRequestHandler('resources/list', async ({ params }) => {
    const { documents } = await deps;
    const after = params?.cursor === undefined ? undefined : idOfCursor(params.cursor);
    const page = await documents.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    return {
      resources: page.documents.map(({ id, title, uri }) => ({
        uri: documentUri(id),
        name: id,
        mimeType: MIME_TYPE,
        ...(title === '' ? {} : { title }),
        ...(uri === '' ? {} : { description: uri }),
      })),
      ...(page.next === undefined ? {} : { nextCursor: cursorOf(page.next) }),
    };
  });
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [
      {
        name: 'document',
        title: 'A document',
        description: 'The text of a document by its id, which is percent-encoded',
        uriTemplate: DOCUMENT_URI_TEMPLATE,
        mimeType: MIME_TYPE,
      },
    ],
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    const { documents } = await deps;
    const id = documentIdOf(uri);
    const document = id === undefined ? undefined : await documents.get(id);
    if (document === undefined) throw new ResourceNotFoundError(uri);
    return { contents: [{ uri, mimeType: MIME_TYPE, text: document.text }] };
  });
}

/** Opaque, as the protocol has it: nobody should make one up from an id. */
function cursorOf(after: string): string {
  return Buffer.from(JSON.stringify({ after })).toString('base64url');
}

function idOfCursor(cursor: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { after?: unknown };
    if (typeof after === 'string') return after;
  } catch {
    // What is no JSON is none of ours either.
  }
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'Expected the nextCursor of the page before, got another cursor.',
  );
}

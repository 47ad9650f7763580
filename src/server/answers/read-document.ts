import type { SourceDocument } from '../../core/document.js';
import { readMarkdown, readPlainText, type DocumentIdentity } from '../../ingest/index.js';
import { readHtml } from '../../ingest/html.js';
import { readMetadata } from '../../ingest/metadata.js';
import type { DocumentBody } from '../schemas/documents.js';

/**
 * Makes a document of what a client sent. Title, address and metadata that it gave stand above those that the content gives.
 *
 * @throws VerbatimError `file-too-large` for content that grows out of bounds once its markup is resolved.
 */
export function readDocument(id: string, body: DocumentBody): SourceDocument {
  const metadata = readMetadata(body.tags, body.date);
  const given = {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.uri === undefined ? {} : { uri: body.uri }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { ...readContent(body, { id, title: '', uri: '' }), ...given };
}

function readContent({ text, markdown, html }: DocumentBody, identity: DocumentIdentity): SourceDocument {
  if (html !== undefined) return readHtml(html, identity, identity.id);
  return markdown === undefined ? readPlainText(text ?? '', identity) : readMarkdown(markdown, identity);
}

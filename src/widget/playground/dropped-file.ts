import { VerbatimError } from '../../core/errors.js';
import { decodeHtml } from '../../ingest/decode-html.js';
import { decodeText } from '../../ingest/decode-text.js';

/** A file as `POST /v1/read` takes a document. */
export type DroppedDocument = { readonly title?: string } & (
  { readonly text: string } | { readonly markdown: string } | { readonly html: string }
);

/**
 * Reads a file as the server's own loaders would: by its name's ending, else as text.
 *
 * @throws VerbatimError `file-binary`, `file-invalid-utf8`, `file-invalid` for an empty one; what the browser says of one that cannot be read.
 */
export async function readDroppedFile(file: File): Promise<DroppedDocument> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const isHtml = ['html', 'htm', 'xhtml'].includes(ending);
  const text = isHtml ? decodeHtml(bytes, file.name) : decodeText(bytes, file.name);
  if (text.trim() === '') throw new VerbatimError('file-invalid', `${file.name} holds no text.`);
  if (isHtml) return { html: text };
  return ['md', 'markdown'].includes(ending) ? { markdown: text } : { title: file.name, text };
}

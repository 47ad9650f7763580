const PREFIX = 'verbatim://document/';

/** RFC 6570: an id is one expression, in which a slash is `%2F`. */
export const DOCUMENT_URI_TEMPLATE = `${PREFIX}{id}`;

/** The address of a document among the resources. */
export function documentUri(id: string): string {
  return PREFIX + encodeURIComponent(id);
}

/** The id in an address; undefined if it is none of a document. */
export function documentIdOf(uri: string): string | undefined {
  if (!uri.startsWith(PREFIX)) return undefined;
  try {
    return decodeURIComponent(uri.slice(PREFIX.length));
  } catch {
    return undefined;
  }
}

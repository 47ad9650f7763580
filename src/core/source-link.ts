import { wordSegments, type WordSegment } from './word-segments.js';

/** What a link into a source points to. */
export interface LinkTarget {
  /** Page of the source, from 1. */
  readonly page?: number;
  /** Fragment identifier of the section that the quote stands in. */
  readonly fragment?: string;
  readonly quote: string;
  /** The text around the quote: it tells the quote from others of the same words. */
  readonly before: string;
  readonly after: string;
}

/** A longer quote is given by its first and last words, which also finds it where markup parts it. */
const LONGEST_WHOLE_QUOTE = 100;
/** Words that stand for one end of a quote. */
const END_WORDS = 4;
/** Words of context before or after a quote. */
const CONTEXT_WORDS = 3;

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Schemes whose documents have sections and text to point to. A link must not run a script, wherever it is shown. */
const LINKED_SCHEME = /^(?:https?|file):/i;
const DIRECTIVE = ':~:';

/**
 * A link that opens a source at a quote: `uri#page=N` where the source has pages (PDF open parameters), else a text fragment,
 * `uri#fragment:~:text=[prefix-,]start[,end][,-suffix]` (WICG, URL Fragment Text Directives). Undefined for an empty uri and for one
 * that is no web page or file.
 *
 * Where no section is given, the uri's own fragment stays: it may be what finds the document.
 */
export function sourceLink(uri: string, target: LinkTarget): string | undefined {
  const address = asBrowsersRead(uri);
  if (address === '' || (SCHEME.test(address) && !LINKED_SCHEME.test(address))) return undefined;
  const hash = address.indexOf('#');
  const document = hash === -1 ? address : address.slice(0, hash);
  if (target.page !== undefined) return `${document}#page=${target.page}`;
  const ownFragment = hash === -1 ? '' : (address.slice(hash + 1).split(DIRECTIVE)[0] ?? '');
  const fragment = target.fragment === undefined ? ownFragment : encode(target.fragment);
  const directive = textDirective(target);
  if (directive === '') return fragment === '' ? document : `${document}#${fragment}`;
  return `${document}#${fragment}${DIRECTIVE}text=${directive}`;
}

/** What browsers drop from an address before they look for its scheme (WHATWG URL). */
function asBrowsersRead(uri: string): string {
  return uri.replaceAll(/[\t\n\r]/g, '').replaceAll(/^[\0- ]+|[\0- ]+$/g, '');
}

function textDirective({ quote, before, after }: LinkTarget): string {
  const text = quote.trim();
  if (text === '') return '';
  const ends = text.length > LONGEST_WHOLE_QUOTE || /[\n\r]/.test(text) ? endsOf(text) : [text];
  const terms = ends.map(encodeTerm);
  if (!occursOnce(text, `${before}${quote}${after}`)) {
    // Context must stand in the same paragraph as the quote.
    const prefix = firstOrLastWords(before.split(/[\n\r]/).at(-1) ?? '', -CONTEXT_WORDS);
    const suffix = firstOrLastWords(after.split(/[\n\r]/)[0] ?? '', CONTEXT_WORDS);
    if (prefix !== '') terms.unshift(`${encodeTerm(prefix)}-`);
    if (suffix !== '') terms.push(`-${encodeTerm(suffix)}`);
  }
  return terms.join(',');
}

/** The first and the last words of a quote; the whole quote if it is all one word. */
function endsOf(text: string): string[] {
  const count = wordsOf(text).length;
  const taken = Math.min(END_WORDS, count >> 1);
  return taken === 0 ? [text] : [firstOrLastWords(text, taken), firstOrLastWords(text, -taken)];
}

/** So many words from the start or, if negative, from the end, with what stands between them. */
function firstOrLastWords(text: string, count: number): string {
  const found = wordsOf(text);
  const taken = count > 0 ? found.slice(0, count) : found.slice(count);
  const first = taken[0];
  const last = taken.at(-1);
  if (first === undefined || last === undefined) return '';
  return count > 0 ? text.slice(0, last.end).trim() : text.slice(first.start).trim();
}

function wordsOf(text: string): WordSegment[] {
  return wordSegments(text)
    .all()
    .filter(({ isWord }) => isWord);
}

function occursOnce(text: string, passage: string): boolean {
  return passage.indexOf(text) === passage.lastIndexOf(text);
}

/** Percent-encodes a term, in whose syntax a hyphen has a meaning. */
function encodeTerm(term: string): string {
  return encode(term.replaceAll(/\s+/g, ' ')).replaceAll('-', '%2D');
}

/** Half a surrogate pair has no encoding. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

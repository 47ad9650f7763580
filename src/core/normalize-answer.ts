/** Python's word boundary knows all letters and digits; JavaScript's only those of ASCII. */
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** What Python's str.split() splits at. */
const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
/** string.punctuation of Python, as the official script uses it: ASCII signs only. */
const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/g;

/**
 * The official SQuAD normalisation of an answer (evaluate-v2.0.py): lower case, without ASCII punctuation, without the articles a,
 * an and the, white space folded. Two answers are "the same" iff their normalised forms are equal.
 */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(ASCII_PUNCTUATION, '')
    .replace(ARTICLES, ' ')
    .split(WHITE_SPACE)
    .filter((token) => token !== '')
    .join(' ');
}

import type { Span } from '../core/span.js';

/** A word, number or sign of a text: what is compared, and where it stands. */
export interface Word extends Span {
  /** In lower case; number words up to twelve as digits, thousands without commas, *isn't* as *is not*. */
  readonly key: string;
}

/** What came of comparing a statement with one sentence of a source. */
export type Comparison =
  | {
      readonly supported: true;
      /** From the first to the last word of the sentence that the statement repeats. */
      readonly span: Span;
      /** What of the sentence's words the statement leaves out. */
      readonly leftOut: readonly Span[];
    }
  | {
      readonly supported: false;
      /** How many of the statement's words stand in the sentence in their order, 0 to 1. */
      readonly share: number;
      /** Words of the statement that do not stand in the sentence, as it has them. */
      readonly missing: readonly Span[];
    };

/** Words with inner points, commas, apostrophes, slashes and hyphens; signs that change a number or a relation; a minus before a number. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:[.,:/'’‐‑-][\p{L}\p{M}\p{N}]+)*|[%‰°$€£¥§#&@<>=≤≥≠±×÷+]|[−–-](?=\p{N})/gu;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const NUMBER_WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const IRREGULAR_NEGATIONS = new Map([
  ["can't", ['can', 'not']],
  ['cannot', ['can', 'not']],
  ["won't", ['will', 'not']],
  ["shan't", ['shall', 'not']],
]);

const ARTICLES = new Set(['a', 'an', 'the']);

/** Words that turn a statement round, limit it, doubt it or give it to somebody else: none of them may be left out. */
const LIMITING = new Set(
  (
    'not no never none nobody nothing nowhere neither nor hardly scarcely barely rarely seldom without unless except excluding ' +
    'but however although though despite if whether only until till before after unlike instead otherwise or either ' +
    'false falsely wrong wrongly untrue myth incorrect incorrectly denied deny denies refused failed alleged allegedly supposed supposedly ' +
    'reported reportedly claim claims claimed say says said think thinks thought believe believes believed according ' +
    'may might could would should possible possibly perhaps probably likely unlikely nearly almost about approximately around ' +
    'roughly least most more less fewer than over under maximum minimum below above part partly partially sometimes often usually ' +
    'some few former formerly previously once longer planned expected proposed alternatively optional optionally ' +
    'provided providing assuming unproven when whenever where wherever while seem seems appear appears apparently hope hoped rumour rumor ' +
    'first second third last half'
  ).split(' '),
);

/** What a phrase that may be left out begins with. */
const PREPOSITIONS = new Set(
  'of in on at by for from to into onto with within through throughout during across along among between via near'.split(
    ' ',
  ),
);

/** Between words that are repeated, what these join may be a statement of its own. */
const JOINING = new Set('and that who whom whose which what as because'.split(' '));

/** Sets a part of a sentence off from what stands before it. */
const SETS_OFF = /[,;:()[\]]|\s[–—-]\s|—/;
const OPENING_WORDS = new Set('also therefore thus moreover furthermore additionally so and'.split(' '));

/** The words of a text, without its articles. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD)).flatMap(({ 0: word, index }, i) => {
    const span = { start: index, end: index + word.length };
    // *Plan A* has a name in it, not an article.
    const isName = word === 'A' && i > 0;
    return keysOf(word, isName).map((key) => ({ key, ...span }));
  });
}

function keysOf(word: string, isName: boolean): string[] {
  const lower = word.normalize('NFC').toLowerCase().replaceAll('’', "'").replaceAll(/[‐‑]/g, '-');
  if (ARTICLES.has(lower) && !isName) return [];
  const irregular = IRREGULAR_NEGATIONS.get(lower);
  if (irregular !== undefined) return irregular;
  if (lower.endsWith("n't")) return [lower.slice(0, -3), 'not'];
  const number = NUMBER_WORDS.indexOf(lower);
  if (number !== -1) return [String(number)];
  if (lower === '−' || lower === '–') return ['-'];
  return [THOUSANDS.test(lower) ? lower.replaceAll(',', '') : lower];
}

/**
 * Whether one sentence of a source says what a statement says. It does iff
 *
 * 1. the statement's words, numbers and signs all stand in the sentence, in the same order; case, articles, punctuation and the ways
 *    of writing a number or *not* aside;
 * 2. the statement begins where the sentence, or a main clause of it, begins;
 * 3. of that clause and what follows it nothing is left out but phrases that begin with a preposition and parts that punctuation sets off,
 *    none of which holds a number, a possessive, or a word that turns a statement round, limits it, doubts it or gives it to somebody else;
 *    nor, between words that are repeated, one that joins statements.
 *
 * Pure and deterministic. Nothing is inferred: other words for the same thing are not supported.
 *
 * @param strict - nothing may be left out.
 */
export function compare(statement: string, sentence: string, strict: boolean): Comparison {
  const wanted = wordsOf(statement);
  const source = wordsOf(sentence);
  // A question states nothing.
  const isStatement = !/\?["'”’)\]]*\s*$/.test(sentence);
  if (wanted.length > 0 && isStatement) {
    for (const first of clauseStarts(sentence, source)) {
      const matched = align(wanted, source, first);
      if (matched === undefined) continue;
      const gaps = gapsOf(matched, source);
      if (gaps.some((gap) => strict || !mayBeLeftOut(gap, sentence))) continue;
      const [from, to] = [matched[0], matched.at(-1)];
      if (from === undefined || to === undefined) continue;
      return {
        supported: true,
        // With the article that it may begin with.
        span: { start: first === 0 ? 0 : from.start, end: to.end },
        leftOut: gaps.map(spanOf),
      };
    }
  }
  const present = new Set(source.map(({ key }) => key));
  return {
    supported: false,
    share: wanted.length === 0 ? 0 : longestCommonSubsequence(wanted, source) / wanted.length,
    missing: wanted.filter(({ key }) => !present.has(key)).map(({ start, end }) => ({ start, end })),
  };
}

/** Indexes of words that a main clause begins with. What stands before them must not bear on it. */
function clauseStarts(sentence: string, source: readonly Word[]): number[] {
  return source.flatMap((word, i) => {
    const before = source.slice(0, i);
    if (before.some(isTelling)) return [];
    const previous = before.at(-1);
    if (previous === undefined) return [i];
    const between = sentence.slice(previous.end, word.start);
    return (i === 1 && OPENING_WORDS.has(previous.key)) || between.includes(';') ? [i] : [];
  });
}

/** The source's words that the statement repeats, from this one on, each the first that will do; undefined if one is missing. */
function align(wanted: readonly Word[], source: readonly Word[], first: number): Word[] | undefined {
  const matched: Word[] = [];
  let next = first;
  for (const { key } of wanted) {
    const at = source.findIndex((word, i) => i >= next && word.key === key);
    const word = source[at];
    if (word === undefined || (matched.length === 0 && at !== first)) return undefined;
    matched.push(word);
    next = at + 1;
  }
  return matched;
}

/** A stretch of the source between two words that are repeated, or after the last. */
interface Gap {
  readonly words: readonly [Word, ...Word[]];
  /** End of the word before it. */
  readonly after: number;
  readonly isLast: boolean;
}

function gapsOf(matched: readonly Word[], source: readonly Word[]): Gap[] {
  return matched.flatMap((word, i) => {
    const next = matched[i + 1];
    const from = source.indexOf(word) + 1;
    const [first, ...others] = source.slice(from, next === undefined ? undefined : source.indexOf(next));
    if (first === undefined) return [];
    return [{ words: [first, ...others], after: word.end, isLast: next === undefined }];
  });
}

function mayBeLeftOut({ words, after, isLast }: Gap, sentence: string): boolean {
  const [first] = words;
  const isPhrase = PREPOSITIONS.has(first.key) || SETS_OFF.test(sentence.slice(after, first.start));
  return isPhrase && !words.some((word) => isTelling(word) || (!isLast && JOINING.has(word.key)));
}

function isTelling({ key }: Word): boolean {
  return LIMITING.has(key) || !/^\p{L}[\p{L}\p{M}'-]*$/u.test(key) || /(?:'s|s')$/.test(key);
}

function spanOf({ words }: Gap): Span {
  return { start: words[0].start, end: words.at(-1)?.end ?? words[0].end };
}

/** Length of the longest common subsequence of the keys. */
function longestCommonSubsequence(a: readonly Word[], b: readonly Word[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const { key } of a) {
    const above = row;
    row = [0];
    b.forEach((word, j) => {
      row.push(word.key === key ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0));
    });
  }
  return row.at(-1) ?? 0;
}

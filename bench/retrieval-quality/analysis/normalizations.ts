import { analyze } from '../../../src/retriever/analyze.js';

/** Text to terms. */
export type Analyzer = (text: string) => string[];

const DIGIT_GROUPS = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g;
const DECIMAL = /(?<![\d.])(\d+)\.(\d+)(?![\d.]*\d)/g;
const DIGITS_AND_UNIT = /^(\d+)(\p{L}{1,4})$/u;
const ORDINAL_ENDING = /^(?:st|nd|rd|th|s)$/;
const ACRONYM = /(?<![\p{L}\p{N}.])(?:\p{L}\.){2,}/gu;
const CASE_CHANGE = /(?<=\p{Ll})(?=\p{Lu})/u;
const HYPHENATED = /\p{L}+(?:[-‐‑]\p{L}+)+/gu;
const ROMAN = new Map(
  'ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx'
    .split(' ')
    .map((term, i) => [term, String([2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20][i])]),
);
const CARDINALS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
  'sixteenth seventeenth eighteenth nineteenth twentieth twenty-first';
const NUMBER_WORDS = new Map([
  ...CARDINALS.split(' ').map((word, i) => [word, String(i)] as const),
  ...ORDINALS.split(' ').map((word, i) => [word, `${i}${ordinalEnding(i)}`] as const),
]);

function ordinalEnding(number: number): string {
  if (number > 10 && number < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th';
}

/** "1,000" is the term 1000, not 1 and 000. */
export const joinDigitGroups: Analyzer = (text) =>
  analyze(text.replace(DIGIT_GROUPS, (digits) => digits.replaceAll(',', '')));

/** "3.5" is one term (3p5), not 3 and 5. */
export const joinDecimals: Analyzer = (text) => analyze(text.replace(DECIMAL, '$1p$2'));

/** "10km" is 10 and km; 19th and 1980s stay. */
export const splitUnits: Analyzer = (text) =>
  analyze(text).flatMap((term) => {
    const [, digits, unit] = DIGITS_AND_UNIT.exec(term) ?? [];
    return digits === undefined || unit === undefined || ORDINAL_ENDING.test(unit) ? [term] : [digits, unit];
  });

/** "U.S." is the term us, not u and s. */
export const joinAcronyms: Analyzer = (text) =>
  analyze(text.replace(ACRONYM, (acronym) => acronym.replaceAll('.', '')));

/** two is 2, nineteenth is 19th. */
export const numberWords: Analyzer = (text) => analyze(text).map((term) => NUMBER_WORDS.get(term) ?? term);

/** II is 2; the single letters i, v and x stay. */
export const romanNumerals: Analyzer = (text) => analyze(text).map((term) => ROMAN.get(term) ?? term);

/** "JavaScript" is also java and script. */
export const splitCamelCase: Analyzer = (text) =>
  analyze(
    text.replace(/\p{L}+/gu, (word) => {
      const parts = word.split(CASE_CHANGE);
      return parts.length === 1 ? word : `${word} ${parts.join(' ')}`;
    }),
  );

/** "e-mail" is e, mail and also email. */
export const joinHyphenated: Analyzer = (text) =>
  analyze(text.replace(HYPHENATED, (compound) => `${compound} ${compound.replace(/[-‐‑]/g, '')}`));

const SPELLINGS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(?<=\w{3})is(?=(?:e[ds]?|ing|ation|ations)$)/, 'iz'],
  [/(?<=(?:col|fav|hon|lab|neighb|behavi|harb|hum|arm|flav|rum|vap|endeav))our/, 'or'],
  [/(?<=(?:cent|theat|met|lit|fib|calib|spect))re(?=s?$)/, 'er'],
  [/(?<=(?:trave|mode|cance|labe|leve|signa))ll(?=(?:ed|ing|er|ers)$)/, 'l'],
];

/** organise is organize, colour is color, centre is center. */
export const americanSpelling: Analyzer = (text) =>
  analyze(text).map((term) =>
    SPELLINGS.reduce((word, [pattern, replacement]) => word.replace(pattern, replacement), term),
  );

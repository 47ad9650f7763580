const VOWEL = /[aeiouy]/;
const DOUBLE = /(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;
const SHORT_SYLLABLE = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/;
const IRREGULAR_REGION = /^(?:gener|commun|arsen)/;

const EXCEPTIONS = new Map(
  (
    'skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli ' +
    'singly:singl sky:sky news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);
const KEPT_AFTER_PLURAL = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '));

/** Suffix and replacement, longest first: only the longest suffix that fits is considered. */
type Rules = readonly (readonly [suffix: string, replacement: string])[];

function rules(list: string): Rules {
  return list
    .split(' ')
    .map((rule): [string, string] => [rule.split(':')[0] ?? '', rule.split(':')[1] ?? ''])
    .sort((a, b) => b[0].length - a[0].length);
}

const STEP_2 = rules(
  'tional:tion enci:ence anci:ance abli:able entli:ent izer:ize ization:ize ational:ate ation:ate ator:ate alism:al ' +
    'aliti:al alli:al fulness:ful ousli:ous ousness:ous iveness:ive iviti:ive biliti:ble bli:ble ogi:og fulli:ful ' +
    'lessli:less li:',
);
const STEP_3 = rules('tional:tion ational:ate alize:al icate:ic iciti:ic ical:ic ful: ness: ative:');
const STEP_4 = rules(
  'al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ism: ate: iti: ous: ive: ize: ion:',
);

/** The English stemmer of Snowball (M. Porter 2001, "Porter2"), of lower-case words without apostrophes. */
export function porter2(term: string): string {
  if (term.length <= 2) return term;
  const exception = EXCEPTIONS.get(term);
  if (exception !== undefined) return exception;
  // A consonant y is written Y.
  let word = term.replace(/^y|(?<=[aeiouy])y/g, 'Y');
  const r1 = IRREGULAR_REGION.exec(word)?.[0].length ?? regionAfter(word, 0);
  const r2 = regionAfter(word, r1);
  word = plural(word);
  if (KEPT_AFTER_PLURAL.has(word)) return word;
  word = pastAndGerund(word, r1);
  word = word.replace(/(?<=.[^aeiouy])[yY]$/, 'i');
  word = replaceSuffix(word, STEP_2, r1, (rest, suffix) =>
    suffix === 'ogi' ? rest.endsWith('l') : suffix !== 'li' || /[cdeghkmnrt]$/.test(rest),
  );
  word = replaceSuffix(word, STEP_3, r1, (rest, suffix) => suffix !== 'ative' || rest.length >= r2);
  word = replaceSuffix(word, STEP_4, r2, (rest, suffix) => suffix !== 'ion' || /[st]$/.test(rest));
  return finalLetter(word, r1, r2).replaceAll('Y', 'y');
}

/** Where the part begins that follows the first non-vowel after a vowel. */
function regionAfter(word: string, from: number): number {
  const match = /[aeiouy][^aeiouy]/.exec(word.slice(from));
  return match === null ? word.length : from + match.index + 2;
}

function plural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(?:ied|ies)$/.test(word)) return word.length > 4 ? word.slice(0, -2) : word.slice(0, -1);
  if (/(?:us|ss)$/.test(word) || !word.endsWith('s')) return word;
  return VOWEL.test(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

function pastAndGerund(word: string, r1: number): string {
  const eed = /(?:eedly|eed)$/.exec(word);
  if (eed !== null) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word;
  const ending = /(?:ingly|edly|ing|ed)$/.exec(word);
  if (ending === null) return word;
  const rest = word.slice(0, ending.index);
  if (!VOWEL.test(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (DOUBLE.test(rest)) return rest.slice(0, -1);
  return r1 >= rest.length && SHORT_SYLLABLE.test(rest) ? `${rest}e` : rest;
}

function replaceSuffix(
  word: string,
  list: Rules,
  region: number,
  allowed: (rest: string, suffix: string) => boolean,
): string {
  const rule = list.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const rest = word.slice(0, word.length - rule[0].length);
  return rest.length >= region && allowed(rest, rule[0]) ? rest + rule[1] : word;
}

function finalLetter(word: string, r1: number, r2: number): string {
  const rest = word.slice(0, -1);
  if (word.endsWith('e')) {
    return rest.length >= r2 || (rest.length >= r1 && !SHORT_SYLLABLE.test(rest)) ? rest : word;
  }
  return word.endsWith('ll') && rest.length >= r2 ? rest : word;
}

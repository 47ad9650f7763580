import { ENGLISH_MATCHING } from '../../../src/retriever/english-matching.js';

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** What makes a sentence a question and says nothing of its subject. */
export const QUESTION_WORDS = words('who whom whose what which when where why how');

/** Question words and the auxiliaries that questions put before their verb. */
export const QUESTION_AND_AUXILIARY_WORDS = ENGLISH_MATCHING.questionWords;

/** As above, with the nouns and adverbs of "how many", "what kind of", "what is the name of". */
export const QUESTION_PHRASE_WORDS = words(
  'who whom whose what which when where why how do does did many much name kind type',
);

/** Lucene's English stop words (its EnglishAnalyzer). */
export const LUCENE_STOP_WORDS = words(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with',
);

/** Function words of English (a subset of van Rijsbergen's list), with the question words and auxiliaries. */
export const FUNCTION_WORDS = words(
  'a an the and or but nor so if then than that this these those there here in on at by for of to from with without into ' +
    'onto upon about as is are was were be been being am has have had having do does did doing done can could may might ' +
    'must shall should will would i you he she it we they me him her us them my your his its our their not no who whom ' +
    'whose what which when where why how',
);

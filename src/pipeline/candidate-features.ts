import { analyze } from '../retriever/analyze.js';
import { porter2 } from '../retriever/porter2.js';
import { headingPath, type RetrievedPassage } from '../core/passage.js';
import type { AnswerGroup } from './candidates.js';

/**
 * What is known of a candidate, taken at its best place:
 * - `margin`: span score − null score, in logits;
 * - `spanScore`: start logit + end logit;
 * - `lead`: its span score − the best of the same passage, 0 or less;
 * - `retrievalShare`: the passage's BM25 score as a share of the best passage's, 0 to 1;
 * - `retrievalGap`: the part of the best passage's BM25 score by which this passage is ahead of the next one, 0 to 1;
 * - `logRetrievalScore`: ln(1 + BM25 score);
 * - `logRank`: ln of the passage's rank;
 * - `termCoverage`: share of the question's content words that stand in the passage or its headings, 0 to 1;
 * - `missingTerms`: number of the question's content words no form of which stands in the passage or its headings;
 * - `nearbyCoverage`: share of the question's content words a form of which stands near the answer or in the headings, 0 to 1;
 * - `termsInAnswer`: share of the answer's words that the question already holds, 0 to 1;
 * - `agreement`: ln of the number of passages that give this answer;
 * - `logLength`: ln of the answer's words.
 */
export const FEATURES = [
  'margin',
  'spanScore',
  'lead',
  'retrievalShare',
  'retrievalGap',
  'logRetrievalScore',
  'logRank',
  'termCoverage',
  'missingTerms',
  'nearbyCoverage',
  'termsInAnswer',
  'agreement',
  'logLength',
] as const;

export type Feature = (typeof FEATURES)[number];
export type CandidateFeatures = Readonly<Record<Feature, number>>;

/**
 * What says whether a question's best candidate should be given: what the reader makes of its passage, how much of the question
 * stands around it, and how much nowhere. More inputs did no better on articles that were not fitted on.
 */
export const ANSWERABILITY_INPUTS = [
  'margin',
  'missingTerms',
  'nearbyCoverage',
] as const satisfies readonly Feature[];

export type AnswerabilityInput = (typeof ANSWERABILITY_INPUTS)[number];

/** Words that ask or join and say nothing of the subject. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the what which who whom whose when where why how is are was were be been being am do does did done has have had ' +
    'having can could will would shall should may might must of in on at by for from to into with within without about ' +
    'between during after before as than that this these those there it its they their them he his him she her i my me we ' +
    'our us you your and or but if not no so such any some one ones many much get got'
  ).split(' '),
);

/** The words of a question that its answer's passage should hold; all of them if there are function words only. */
export function contentTerms(question: string): ReadonlySet<string> {
  const terms = analyze(question);
  const content = terms.filter((term) => !FUNCTION_WORDS.has(term));
  return new Set(content.length > 0 ? content : terms);
}

/** UTF-16 units on either side of an answer that are near it: a sentence or so. */
const NEAR = 120;

/** Where a passage holds which words, each by its stem: *walked* and *walks* are forms of one word. */
class PassageWords {
  readonly #inHeadings: ReadonlySet<string>;
  readonly #inText: readonly {
    readonly stems: readonly string[];
    readonly start: number;
    readonly end: number;
  }[];

  constructor(passage: RetrievedPassage) {
    this.#inHeadings = new Set(headingPath(passage).flatMap(stemsOf));
    this.#inText = Array.from(passage.text.matchAll(/\S+/gu), ({ 0: word, index }) => ({
      stems: stemsOf(word),
      start: index,
      end: index + word.length,
    }));
  }

  /** How many of the stems stand between two offsets of the text or in the headings. */
  count(wanted: ReadonlySet<string>, from = 0, to = Infinity): number {
    const found = new Set([...wanted].filter((stem) => this.#inHeadings.has(stem)));
    for (const { stems, start, end } of this.#inText) {
      if (start < from || end > to) continue;
      for (const stem of stems) if (wanted.has(stem)) found.add(stem);
    }
    return found.size;
  }
}

function stemsOf(text: string): string[] {
  return analyze(text).map(porter2);
}

/** A distinct answer and what is known of it. */
export interface DescribedAnswer {
  readonly group: AnswerGroup;
  readonly features: CandidateFeatures;
}

/** The features of every candidate of one question, in the order of the groups. */
export function describeAnswers(
  question: string,
  groups: readonly AnswerGroup[],
  passages: readonly RetrievedPassage[],
): DescribedAnswer[] {
  const terms = contentTerms(question);
  const stems = new Set([...terms].map(porter2));
  const byRank = [...passages].sort((a, b) => a.rank - b.rank);
  const topScore = Math.max(0, ...passages.map(({ score }) => score));
  const share = (score: number): number => (topScore > 0 ? Math.max(0, score) / topScore : 1);
  const bestSpan = new Map<RetrievedPassage, number>();
  for (const { places } of groups) {
    for (const { passage, span } of places)
      bestSpan.set(passage, Math.max(bestSpan.get(passage) ?? -Infinity, span.score));
  }
  const wordsOf = new Map(byRank.map((passage) => [passage, new PassageWords(passage)]));
  const ofPassage = new Map(
    byRank.map((passage, i) => {
      const words = new Set(analyze([...headingPath(passage), passage.text].join('\n')));
      const covered = [...terms].filter((term) => words.has(term)).length;
      const next = byRank[i + 1];
      return [
        passage,
        {
          retrievalShare: share(passage.score),
          retrievalGap: next === undefined ? 0 : share(passage.score) - share(next.score),
          logRetrievalScore: Math.log1p(Math.max(0, passage.score)),
          logRank: Math.log(passage.rank),
          termCoverage: terms.size === 0 ? 0 : covered / terms.size,
          missingTerms: stems.size - (wordsOf.get(passage)?.count(stems) ?? 0),
        },
      ] as const;
    }),
  );
  return groups.map((group) => {
    const [{ passage, span, margin }] = group.places;
    const words = analyze(span.text);
    const about = ofPassage.get(passage);
    const text = wordsOf.get(passage);
    if (about === undefined || text === undefined)
      throw new RangeError('a candidate stands in none of the passages');
    const near = text.count(stems, span.start - NEAR, span.end + NEAR);
    const features = {
      margin,
      spanScore: span.score,
      lead: span.score - (bestSpan.get(passage) ?? span.score),
      ...about,
      nearbyCoverage: stems.size === 0 ? 0 : near / stems.size,
      termsInAnswer: words.length === 0 ? 0 : words.filter((word) => terms.has(word)).length / words.length,
      agreement: Math.log(new Set(group.places.map((place) => place.passage)).size),
      logLength: Math.log(Math.max(1, words.length)),
    };
    return { group, features };
  });
}

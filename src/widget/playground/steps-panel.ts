import type { Candidate } from '../../pipeline/types.js';
import { sourceOf } from './answer-panel.js';
import { featureTable } from './bars.js';
import { element, isolated, type Child } from '../dom.js';
import { count, decimal, percent } from './format.js';
import type { Decision } from './redecide.js';

/** Answers and places that are listed at most. */
const LISTED = 10;

export function clearSteps(panel: HTMLElement): void {
  panel.replaceChildren(
    element('p', { class: 'quiet' }, 'How a decision comes about stands here, step by step.'),
  );
}

/** What the aggregator did with the readings: dropped, merged, ordered, limited, cited. */
export function showSteps(panel: HTMLElement, decision: Decision): void {
  panel.replaceChildren(
    element(
      'ol',
      { class: 'steps-list' },
      step('Dropped', ...droppedStep(decision)),
      step('Merged', ...mergedStep(decision)),
      step('Ordered', ...orderedStep(decision)),
      step('Limit', ...limitStep(decision)),
      step('Cited', ...citedStep(decision)),
    ),
  );
}

function step(title: string, ...children: readonly Child[]): HTMLElement {
  return element('li', {}, element('h3', {}, title), ...children);
}

function droppedStep({ result, profile }: Decision): Child[] {
  const dropped = (result.explanation ?? []).filter(({ kept }) => !kept);
  const rule = `null score − best span > ${decimal(profile.threshold)}`;
  return [
    element('p', {}, `${dropped.length} of ${count(result.passagesRead, 'passage')}: ${rule}.`),
    dropped.length === 0
      ? undefined
      : element(
          'ul',
          { class: 'chips' },
          ...dropped.map(({ rank, margin }) => element('li', {}, `#${rank} ${decimal(-margin)}`)),
        ),
  ];
}

function mergedStep({ spans, distinct, ranking }: Decision): Child[] {
  const several = ranking.filter(({ citations }) => citations.length > 1).slice(0, LISTED);
  return [
    element(
      'p',
      {},
      `${count(spans, 'span')} of the passages kept are ${count(distinct, 'different answer')}.`,
    ),
    several.length === 0
      ? undefined
      : element(
          'ul',
          {},
          ...several.map(({ answer, citations }) =>
            element(
              'li',
              {},
              isolated(answer, { class: 'words' }),
              ` in ${count(citations.length, 'place')}`,
            ),
          ),
        ),
  ];
}

function orderedStep({ ranking, profile, distinct }: Decision): Child[] {
  const isFusion = profile.aggregation === 'fusion';
  return [
    element(
      'p',
      {},
      isFusion
        ? 'By the fusion score, a weighted sum of features.'
        : `By margin: span score − null score. ${ranking.length} of ${distinct} are within the threshold themselves.`,
    ),
    element(
      'ol',
      { class: 'ranking' },
      ...ranking.slice(0, LISTED).map((candidate) => rankedItem(candidate)),
    ),
    ranking.length > LISTED
      ? element('p', { class: 'quiet' }, `and ${ranking.length - LISTED} more`)
      : undefined,
  ];
}

function rankedItem(candidate: Candidate): HTMLElement {
  const { answer, confidence, margin, fusionScore, answerability, features, answerabilityFeatures } =
    candidate;
  const numbers = [
    `confidence ${percent(confidence)}`,
    ...(fusionScore === undefined ? [] : [`score ${decimal(fusionScore)}`]),
    `margin ${decimal(margin)}`,
    ...(answerability === undefined ? [] : [`answerability ${percent(answerability)}`]),
  ].join(', ');
  const head = [isolated(answer, { class: 'words' }), element('span', { class: 'quiet' }, ` ${numbers}`)];
  if (features === undefined) return element('li', {}, ...head);
  const details = element('details', {}, element('summary', {}, ...head));
  details.addEventListener(
    'toggle',
    () =>
      details.append(
        featureTable(`Fusion score ${decimal(fusionScore)}`, features),
        featureTable(`Answerability ${percent(answerability ?? 0)}`, answerabilityFeatures ?? []),
      ),
    { once: true },
  );
  return element('li', {}, details);
}

function limitStep({ result, profile, ranking }: Decision): Child[] {
  const [best] = ranking;
  const verdict = result.kind === 'answer' ? 'The best answer is given.' : 'No answer is given.';
  if (profile.aggregation === 'null-score') {
    return [element('p', {}, `An answer is given as soon as a passage is kept. ${verdict}`)];
  }
  const needs = [
    `confidence of at least ${percent(profile.minConfidence)}`,
    ...(profile.minAnswerability > 0
      ? [`answerability of at least ${percent(profile.minAnswerability)}`]
      : []),
  ].join(' and ');
  const has =
    best === undefined
      ? 'there is none'
      : `it has ${percent(best.confidence)} and ${percent(best.answerability ?? 0)}`;
  return [element('p', {}, `The best needs a ${needs}; ${has}. ${verdict}`)];
}

function citedStep({ result }: Decision): Child[] {
  if (result.kind === 'no-answer') return [element('p', {}, 'Nothing.')];
  const { citations } = result;
  return [
    element('ul', {}, ...citations.slice(0, LISTED).map((citation) => element('li', {}, sourceOf(citation)))),
    citations.length > LISTED
      ? element('p', { class: 'quiet' }, `and ${count(citations.length - LISTED, 'place')} more`)
      : undefined,
  ];
}

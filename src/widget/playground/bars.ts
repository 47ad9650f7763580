import type { TermContribution } from '../../core/passage.js';
import type { FeatureContribution } from '../../pipeline/types.js';
import { element, isolated, type Child } from '../dom.js';
import { withProperties } from './dom.js';
import { decimal } from './format.js';

/** A table whose last column has a bar beside its number. */
function barTable(
  caption: string,
  heads: readonly string[],
  rows: readonly { readonly cells: readonly Child[]; readonly value: number }[],
): HTMLElement {
  const largest = rows.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element(
        'tbody',
        {},
        ...rows.map(({ cells: [first, ...cells], value }) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, first),
            ...cells.map((cell) => element('td', {}, cell)),
            withProperties(element('td', { class: value < 0 ? 'bar negative' : 'bar' }, decimal(value)), {
              '--share': largest === 0 ? '0' : (Math.abs(value) / largest).toFixed(3),
            }),
          ),
        ),
      ),
    ),
  );
}

/** What each question term added to a passage's BM25 score. */
export function termTable(terms: readonly TermContribution[], score: number): HTMLElement {
  return barTable(
    `BM25: ${decimal(score)}`,
    ['term', 'in passage', 'in passages', 'idf', 'near', 'adds'],
    terms.map((term) => ({
      cells: [
        termName(term),
        String(term.termFrequency),
        String(term.passageFrequency),
        decimal(term.inverseDocumentFrequency),
        term.windowContribution === undefined ? '–' : decimal(term.windowContribution),
      ],
      value: term.contribution,
    })),
  );
}

function termName({ term, correctedFrom, forms = [] }: TermContribution): HTMLElement {
  const others = forms.map((form) => `${form.term} ×${form.termFrequency}`).join(', ');
  return element(
    'span',
    {},
    isolated(term),
    correctedFrom === undefined
      ? undefined
      : element('span', { class: 'quiet' }, ' for ', isolated(correctedFrom)),
    others === '' ? undefined : element('span', { class: 'quiet' }, ' also ', isolated(others)),
  );
}

/** What each feature added to a candidate's score. */
export function featureTable(caption: string, features: readonly FeatureContribution[]): HTMLElement {
  return barTable(
    caption,
    ['feature', 'value', 'weight', 'adds'],
    features.map(({ feature, value, weight, contribution }) => ({
      cells: [feature, decimal(value), decimal(weight)],
      value: contribution,
    })),
  );
}

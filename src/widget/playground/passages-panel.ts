import type { PassageDecision } from '../../pipeline/types.js';
import { termTable } from './bars.js';
import { element, isolated } from '../dom.js';
import { decimal } from './format.js';
import { heatedText, hottestOf, hottestTokens, type Hottest } from './heat.js';
import type { FoundPassage, ReadPassage } from './wire.js';

/** One passage, from the moment it is found. */
interface Row {
  readonly details: HTMLDetailsElement;
  readonly best: HTMLElement;
  readonly difference: HTMLElement;
  readonly badge: HTMLElement;
}

const NO_PASSAGES = 'Passages stand here in the order in which they were found.';

/** The passages: found, read, decided on, and on demand everything that is known of one. */
export class PassagesPanel {
  readonly #panel: HTMLElement;
  #rows = new Map<string, Row>();

  constructor(panel: HTMLElement) {
    this.#panel = panel;
    this.clear();
  }

  clear(): void {
    this.#rows = new Map();
    this.#panel.replaceChildren(element('p', { class: 'quiet' }, NO_PASSAGES));
  }

  get found(): number {
    return this.#rows.size;
  }

  showFound(passages: readonly FoundPassage[]): void {
    this.#rows = new Map(passages.map((passage) => [passage.id, rowOf(passage)]));
    this.#panel.replaceChildren(...Array.from(this.#rows.values(), ({ details }) => details));
  }

  showRead({ passageId, answer, margin }: ReadPassage): void {
    const row = this.#rows.get(passageId);
    if (row === undefined) return;
    row.best.replaceChildren(isolated(answer ?? ''));
    row.difference.textContent = differenceText(margin);
    setBadge(row, 'read');
  }

  /** Shows a result. Passages that were found and not read stay in the list. */
  showExplained(explanation: readonly PassageDecision[]): void {
    if (explanation.some(({ passage }) => !this.#rows.has(passage.id))) {
      this.showFound(explanation.map(({ passage }) => passage));
    }
    const hottest = hottestOf(explanation);
    for (const decision of explanation) {
      const row = this.#rows.get(decision.passage.id);
      if (row === undefined) continue;
      row.best.replaceChildren(isolated(decision.bestSpan));
      row.difference.textContent = differenceText(decision.margin);
      // Most passages are never looked into.
      row.details.addEventListener('toggle', () => row.details.append(bodyOf(decision, hottest)), {
        once: true,
      });
    }
    const read = new Set(explanation.map(({ passage }) => passage.id));
    for (const [id, row] of this.#rows) if (!read.has(id)) setBadge(row, 'not read');
  }

  /** Shows which passages are kept, and leaves open what is open. */
  showKept(explanation: readonly PassageDecision[]): void {
    for (const { passage, kept } of explanation) {
      const row = this.#rows.get(passage.id);
      if (row !== undefined) setBadge(row, kept ? 'kept' : 'dropped');
    }
  }
}

function rowOf({ rank, title, documentId, score }: FoundPassage): Row {
  const best = element('span', { class: 'words' });
  const difference = element('span', { class: 'number' });
  const badge = element('span', { class: 'badge' }, 'found');
  const details = element(
    'details',
    { class: 'passage' },
    element(
      'summary',
      {},
      element('span', { class: 'rank' }, String(rank)),
      element(
        'span',
        { class: 'names' },
        element('span', { class: 'line' }, isolated(title === '' ? documentId : title)),
        element('span', { class: 'line quiet' }, best),
      ),
      element('span', { class: 'number', title: 'BM25 score' }, decimal(score)),
      difference,
      badge,
    ),
  );
  difference.title = 'null score − best span score';
  return { details, best, difference, badge };
}

function setBadge({ badge, details }: Row, state: 'read' | 'kept' | 'dropped' | 'not read'): void {
  badge.textContent = state;
  details.dataset['state'] = state;
}

function differenceText(margin: number | null): string {
  return margin === null ? '–' : decimal(-margin);
}

function bodyOf(decision: PassageDecision, hottest: Hottest): HTMLElement {
  const { passage, tokens, spans, score, nullScore, margin, windowCount } = decision;
  const [best] = spans;
  const path = [...new Set([passage.title, ...passage.headings])].filter((heading) => heading !== '');
  const figures: readonly (readonly [string, string])[] = [
    ['best span', decimal(score)],
    ['null score', decimal(nullScore)],
    ['null − best', differenceText(margin)],
    ['windows', String(windowCount)],
  ];
  return element(
    'div',
    { class: 'body' },
    element(
      'p',
      { class: 'quiet' },
      ...path.flatMap((heading) => [isolated(heading), ' › ']),
      isolated(`${passage.documentId}#${passage.start}-${passage.end}`),
    ),
    heatedText(passage.text, tokens ?? [], best, hottest),
    tokens === undefined
      ? element('p', { class: 'quiet' }, 'This reader does not tell its logits.')
      : element(
          'p',
          { class: 'legend quiet' },
          element('span', { class: 'ground' }, 'ground'),
          ' start logit, ',
          element('span', { class: 'under' }, 'line'),
          ' end logit: full at the highest of the question, none 10 below. Bold: the best span.',
        ),
    element(
      'dl',
      { class: 'figures' },
      ...figures.flatMap(([name, value]) => [
        element('div', {}, element('dt', {}, name), element('dd', {}, value)),
      ]),
    ),
    tokens === undefined ? undefined : hottestTokens(passage.text, tokens),
    passage.explanation === undefined || passage.explanation.length === 0
      ? undefined
      : termTable(passage.explanation, passage.score),
  );
}

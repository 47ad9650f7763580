import { element } from '../../dom.js';
import { icon } from '../../icons.js';
import { quoteInSentence } from '../../quote.js';
import type { WireAnswer, WireCandidate } from '../../wire.js';
import { confidenceMeter } from './confidence-meter.js';
import { citationSource } from './source.js';
import type { View } from './view.js';

/** Further places that are named beside the best. */
const MAX_PLACES = 3;

/** An answer in its sentence, where it stands, how sure it is, and what else it may be. */
export function answerView(result: WireAnswer, view: View, feedback: HTMLElement | undefined): HTMLElement {
  const { strings } = view;
  const others = alternativesView(result, view);
  return element(
    'div',
    { class: 'card answer', part: 'answer' },
    quote(result, view),
    otherPlaces(result, view),
    result.conflicting && others !== undefined
      ? element('p', { class: 'notice', part: 'notice' }, icon('notice'), strings.conflicting)
      : undefined,
    element('div', { class: 'row' }, confidenceMeter(result.confidence, view), feedback),
    others,
  );
}

function quote({ answer, citations: [best] }: WireCandidate, view: View): HTMLElement {
  if (best === undefined) return element('p', { class: 'source-text', dir: 'auto' }, answer);
  return element(
    'figure',
    { class: 'quotation' },
    element('blockquote', { part: 'quote', dir: 'auto' }, quoteInSentence(best)),
    element('figcaption', {}, citationSource(best, view)),
  );
}

function otherPlaces({ citations }: WireAnswer, view: View): HTMLElement | undefined {
  const places = citations.slice(1, 1 + MAX_PLACES);
  if (places.length === 0) return undefined;
  return element(
    'div',
    { class: 'places' },
    element('span', { class: 'label' }, view.strings.alsoIn),
    element('ul', {}, ...places.map((citation) => element('li', {}, citationSource(citation, view)))),
  );
}

function alternativesView(result: WireAnswer, view: View): HTMLElement | undefined {
  const others = elsewhere(result);
  if (others.length === 0) return undefined;
  const items = others.map((other) =>
    element('li', {}, quote(other, view), confidenceMeter(other.confidence, view)),
  );
  return element(
    'details',
    { class: 'alternatives', part: 'alternatives', ...(result.conflicting ? { open: true } : {}) },
    element('summary', {}, view.strings.notWhatYouMeant),
    element('ul', {}, ...items),
  );
}

/** The alternatives in other sentences: those of the same one stand on the page already. */
function elsewhere({ citations, alternatives }: WireAnswer): WireCandidate[] {
  const sentenceOf = ([best]: WireCandidate['citations']): string =>
    best === undefined ? '' : JSON.stringify([best.documentId, best.sentence.start]);
  const shown = new Set([sentenceOf(citations)]);
  return alternatives.filter((other) => {
    const sentence = sentenceOf(other.citations);
    const isNew = !shown.has(sentence);
    shown.add(sentence);
    return isNew;
  });
}

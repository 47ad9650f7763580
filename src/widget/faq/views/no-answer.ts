import { element } from '../../dom.js';
import { markedText } from '../../quote.js';
import type { WirePassage } from '../../wire.js';
import type { Answered } from '../conversation.js';
import { contactLink } from './contact.js';
import { passageSource } from './source.js';
import type { View } from './view.js';

/** An honest "no answer", the passages nearest to the question, and where else to ask. */
export function noAnswerView(
  { nearest }: Answered,
  view: View,
  feedback: HTMLElement | undefined,
): HTMLElement {
  const { strings } = view;
  return element(
    'div',
    { class: 'card no-answer', part: 'no-answer' },
    element('p', { class: 'lead' }, nearest.length === 0 ? strings.nothingFound : strings.noAnswer),
    nearest.length === 0 ? undefined : nearestView(nearest, view),
    element('div', { class: 'row' }, contactLink(view), feedback),
  );
}

function nearestView(nearest: readonly WirePassage[], view: View): HTMLElement {
  const items = nearest.map((passage) =>
    element('li', {}, passageSource(passage, view), markedText(passage.text, [])),
  );
  return element(
    'div',
    { class: 'nearest', part: 'nearest' },
    element('p', { class: 'label' }, view.strings.nearest),
    element('ul', {}, ...items),
  );
}

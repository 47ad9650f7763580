import { element } from '../../dom.js';
import type { EngineError } from '../../engine.js';
import { icon } from '../../icons.js';
import { fill } from '../strings/index.js';
import { contactLink } from './contact.js';
import type { View } from './view.js';

/** Reasons for which the same question would fail the same way. */
const LASTING: ReadonlySet<string> = new Set(['question-too-long', 'question-refused', 'not-allowed']);
/** The longest wait for which the button waits, too, in seconds: a page is rarely open for longer. */
const LONGEST_WAIT = 600;

/** Why there is no result, in words, and what can be done. */
export function failureView(error: EngineError, view: View, retry: () => void): HTMLElement {
  const { strings } = view;
  return element(
    'div',
    { class: 'card failure', part: 'failure' },
    element('p', { class: 'lead' }, icon('notice'), failureText(error, view)),
    element(
      'div',
      { class: 'row' },
      LASTING.has(error.reason) ? undefined : retryButton(error, strings.retry, retry),
      contactLink(view),
    ),
  );
}

/** The same as one text. */
export function failureText({ reason, details }: EngineError, { strings, formats }: View): string {
  const { retryAfter } = details;
  const words = strings.errors[reason];
  if (retryAfter === undefined) return words;
  return `${words} ${fill(strings.retryIn, { time: formats.duration(retryAfter) })}`;
}

function retryButton({ details }: EngineError, text: string, retry: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', part: 'button retry' }, icon('retry'), text);
  button.addEventListener('click', retry);
  const wait = Math.min(details.retryAfter ?? 0, LONGEST_WAIT);
  if (wait > 0) {
    button.disabled = true;
    setTimeout(() => (button.disabled = false), wait * 1000);
  }
  return button;
}

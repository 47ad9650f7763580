import { element, setAttribute } from '../../dom.js';
import { EngineError } from '../../engine.js';
import { icon } from '../../icons.js';
import type { View } from './view.js';

export type SendVerdict = (verdict: 'right' | 'wrong') => Promise<void>;

/** Two buttons that say whether a result is right, and what has become of the verdict. */
export function feedbackView({ strings }: View, send: SendVerdict): HTMLElement {
  const told = element('span', { class: 'feedback-text', role: 'status' }, strings.wasItRight);
  const button = (verdict: 'right' | 'wrong'): HTMLButtonElement => {
    const made = element(
      'button',
      { type: 'button', class: 'small', part: `button feedback-${verdict}`, 'aria-pressed': 'false' },
      icon(verdict),
      strings[verdict],
    );
    made.addEventListener('click', () => void give(verdict));
    return made;
  };
  const buttons = { right: button('right'), wrong: button('wrong') };
  const group = element(
    'div',
    { class: 'feedback', part: 'feedback', role: 'group', 'aria-label': strings.wasItRight },
    told,
    buttons.right,
    buttons.wrong,
  );
  return group;

  async function give(verdict: 'right' | 'wrong'): Promise<void> {
    let text = strings.thanks;
    press(verdict);
    try {
      await send(verdict);
    } catch (error) {
      press(undefined);
      const isTaken = !(EngineError.isInstance(error) && error.reason === 'no-feedback');
      text = isTaken ? strings.feedbackFailed : strings.feedbackNotTaken;
      if (!isTaken) {
        for (const each of Object.values(buttons)) each.disabled = true;
      }
    }
    told.textContent = text;
  }

  function press(pressed: 'right' | 'wrong' | undefined): void {
    setAttribute(buttons.right, 'aria-pressed', String(pressed === 'right'));
    setAttribute(buttons.wrong, 'aria-pressed', String(pressed === 'wrong'));
  }
}

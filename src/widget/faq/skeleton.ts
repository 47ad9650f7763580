import { element } from '../dom.js';
import { icon } from '../icons.js';

/** The parts of the component that stay while what they show changes. */
export interface Skeleton {
  readonly root: HTMLElement;
  readonly heading: HTMLElement;
  readonly clear: HTMLButtonElement;
  readonly log: HTMLElement;
  readonly welcome: HTMLElement;
  readonly welcomeText: HTMLElement;
  readonly examples: HTMLElement;
  readonly list: HTMLOListElement;
  readonly form: HTMLFormElement;
  readonly label: HTMLLabelElement;
  readonly input: HTMLInputElement;
  readonly suggestions: HTMLUListElement;
  readonly submit: HTMLButtonElement;
  readonly hint: HTMLElement;
  readonly status: HTMLElement;
}

/** Builds them, without any text. Slots: `heading`, `welcome` and `footer`. */
export function createSkeleton(): Skeleton {
  const heading = element('div', { class: 'heading', part: 'heading', role: 'heading' });
  const clear = element('button', { type: 'button', class: 'quiet', part: 'button clear' });
  const welcomeText = element('p', { part: 'welcome-text' });
  const examples = element('div', { class: 'examples', part: 'examples' });
  const welcome = element(
    'div',
    { class: 'welcome', part: 'welcome' },
    element('span', { class: 'emblem' }, icon('quote')),
    element('slot', { name: 'welcome' }, welcomeText),
    examples,
  );
  const list = element('ol', { class: 'exchanges', role: 'list' });
  const log = element(
    'div',
    { class: 'log', part: 'conversation', role: 'region', tabindex: 0 },
    welcome,
    list,
  );
  const label = element('label', { class: 'hidden', for: 'question' });
  const input = element('input', {
    ...{
      id: 'question',
      part: 'input',
      type: 'text',
      dir: 'auto',
      autocomplete: 'off',
      enterkeyhint: 'send',
    },
    ...{ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false' },
    ...{ 'aria-controls': 'suggestions', 'aria-describedby': 'hint' },
  });
  const suggestions = element('ul', {
    id: 'suggestions',
    part: 'suggestions',
    role: 'listbox',
    hidden: true,
  });
  const submit = element('button', { type: 'submit', class: 'primary', part: 'button submit' });
  const hint = element('p', { id: 'hint', class: 'hint', part: 'hint', role: 'alert' });
  const form = element(
    'form',
    { part: 'form', role: 'search', novalidate: true },
    label,
    element('div', { class: 'field', part: 'field' }, icon('search'), input, submit),
    suggestions,
    hint,
  );
  const status = element('div', { class: 'hidden', role: 'status' });
  const root = element(
    'section',
    { class: 'faq', part: 'container' },
    element('header', { part: 'header' }, element('slot', { name: 'heading' }, heading), clear),
    log,
    form,
    element('slot', { name: 'footer' }),
    status,
  );
  return {
    root,
    heading,
    clear,
    log,
    welcome,
    welcomeText,
    examples,
    list,
    form,
    label,
    input,
    suggestions,
    submit,
    hint,
    status,
  };
}

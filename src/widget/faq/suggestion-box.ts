import { element, setAttribute } from '../dom.js';
import type { WireSuggestion } from '../wire.js';

export interface SuggestionBoxOptions {
  readonly input: HTMLInputElement;
  readonly list: HTMLUListElement;
  readonly find: (beginning: string, signal: AbortSignal) => Promise<readonly WireSuggestion[]>;
  /** A suggestion was chosen. */
  readonly choose: (text: string) => void;
  /** How many are shown now. */
  readonly shown: (count: number) => void;
}

/** Milliseconds without a keystroke after which suggestions are asked for. */
const PAUSE = 150;
/** What is longer needs no completing. */
const LONGEST_BEGINNING = 200;

/** Suggestions for what is being typed: an editable combobox with a list (WAI-ARIA Authoring Practices). The focus stays in the field. */
export class SuggestionBox {
  readonly #options: SuggestionBoxOptions;
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor(options: SuggestionBoxOptions) {
    this.#options = options;
    const { input, list } = options;
    input.addEventListener('input', (event) => this.#typed(event));
    input.addEventListener('keydown', (event) => this.#pressed(event));
    input.addEventListener('blur', () => this.close());
    // A press on the list must not take the focus out of the field, which would close the list before the click.
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
      if (option !== null) this.#choose(option);
    });
  }

  get isOpen(): boolean {
    return !this.#options.list.hidden;
  }

  /** Closes the list and forgets what was asked for. */
  close(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#show([]);
  }

  #typed({ isComposing }: InputEvent): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (isComposing) return;
    const beginning = this.#options.input.value.trim();
    if (beginning === '' || beginning.length > LONGEST_BEGINNING) this.#show([]);
    else this.#timer = setTimeout(() => void this.#find(beginning), PAUSE);
  }

  async #find(beginning: string): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    let found: readonly WireSuggestion[] = [];
    try {
      found = await this.#options.find(beginning, request.signal);
    } catch {
      // A visitor can ask without suggestions; why there are none is told when the question fails as well.
    }
    if (!request.signal.aborted) this.#show(found);
  }

  #show(suggestions: readonly WireSuggestion[]): void {
    const { input, list, shown } = this.#options;
    const wasOpen = this.isOpen;
    list.replaceChildren(
      ...suggestions.map(({ text, kind }, i) =>
        element(
          'li',
          {
            role: 'option',
            id: `option-${i}`,
            part: 'suggestion',
            'data-kind': kind,
            'aria-selected': 'false',
          },
          element('bdi', {}, text),
        ),
      ),
    );
    list.hidden = suggestions.length === 0;
    setAttribute(input, 'aria-expanded', String(this.isOpen));
    this.#activate(-1);
    if (this.isOpen || wasOpen) shown(suggestions.length);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing || !this.isOpen) return;
    const { length } = this.#options.list.children;
    const active = this.#options.list.children[this.#active];
    // One place more than there are options: the field itself.
    if (event.key === 'ArrowDown') this.#activate(this.#active + 1 < length ? this.#active + 1 : -1);
    else if (event.key === 'ArrowUp') this.#activate(this.#active === -1 ? length - 1 : this.#active - 1);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && active !== undefined) this.#choose(active);
    else return;
    event.preventDefault();
    // A dialog around the component must not close with the list.
    event.stopPropagation();
  }

  #activate(index: number): void {
    const { input, list } = this.#options;
    this.#active = index;
    Array.from(list.children).forEach((option, i) =>
      setAttribute(option, 'aria-selected', String(i === index)),
    );
    setAttribute(input, 'aria-activedescendant', list.children[index]?.id);
    list.children[index]?.scrollIntoView({ block: 'nearest' });
  }

  #choose(option: Element): void {
    const { textContent } = option;
    this.close();
    this.#options.choose(textContent);
  }
}

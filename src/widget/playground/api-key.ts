import { byId } from './dom.js';

const STORED = 'verbatim-key';

/** The API key, which this tab keeps until it is closed. */
export class ApiKey {
  readonly #form = byId('key-form', HTMLFormElement);
  readonly #input = byId('key', HTMLInputElement);
  readonly #forget = byId('forget-key', HTMLButtonElement);
  #isNeeded = false;

  /** @param onGiven - told when there is a key to try. */
  constructor(onGiven: () => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      sessionStorage.setItem(STORED, this.#input.value.trim());
      this.#input.value = '';
      this.#form.hidden = true;
      this.#forget.hidden = false;
      onGiven();
    });
    this.#forget.addEventListener('click', () => this.ask());
    this.#forget.hidden = this.value === null;
  }

  get value(): string | null {
    return sessionStorage.getItem(STORED);
  }

  /** Whether the server has ever asked for one. */
  get isNeeded(): boolean {
    return this.#isNeeded || this.value !== null;
  }

  /** Asks for a key; the one that was tried, if any, is forgotten. */
  ask(): void {
    this.#isNeeded = true;
    sessionStorage.removeItem(STORED);
    this.#forget.hidden = true;
    this.#form.hidden = false;
    this.#input.focus();
  }
}

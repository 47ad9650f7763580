import { byId } from './dom.js';
import { snippet, type Call, type Language } from './snippets.js';

/** The request as code, shown and copied. */
export class CodePanel {
  readonly #language = byId('language', HTMLSelectElement);
  readonly #snippet = byId('snippet', HTMLElement);
  readonly #details = byId('code', HTMLDetailsElement);
  readonly #call: () => Call;

  /** @param call - the request as it stands in the form. */
  constructor(call: () => Call, onCopied: (what: string) => void) {
    this.#call = call;
    const show = (): void => this.update();
    this.#language.addEventListener('change', show);
    this.#details.addEventListener('toggle', show);
    byId('copy-code', HTMLButtonElement).addEventListener('click', () => {
      void copy(this.#text()).then((isCopied) => {
        if (!isCopied) this.#details.open = true;
        onCopied(isCopied ? 'Code copied.' : 'This browser lets no page copy here: select the code below.');
      });
    });
  }

  /** Shows the code as it is now. */
  update(): void {
    if (this.#details.open) this.#snippet.textContent = this.#text();
  }

  #text(): string {
    return snippet(this.#language.value as Language, this.#call());
  }
}

/** False where the browser does not allow it: an address that is neither local nor HTTPS has no clipboard. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

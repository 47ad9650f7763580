import { byId } from './dom.js';
import { readDroppedFile, type DroppedDocument } from './dropped-file.js';

/** A file to ask instead of the index: dropped anywhere on the page, or chosen. */
export class FileDrop {
  readonly #input = byId('file', HTMLInputElement);
  readonly #shown = byId('file-shown', HTMLElement);
  readonly #name = byId('file-name', HTMLElement);
  readonly #zone = byId('drop', HTMLElement);
  #document: DroppedDocument | undefined;

  /**
   * @param onChange - told when there is another file, or none any more.
   * @param onRefused - told why a file cannot be taken; what was there before stays.
   */
  constructor(onChange: () => void, onRefused: (reason: string) => void) {
    const take = async (file: File | undefined): Promise<void> => {
      if (file === undefined) return;
      try {
        this.#document = await readDroppedFile(file);
      } catch (error) {
        onRefused(`${error instanceof Error ? error.message : String(error)} ${WHAT_IS_READ}`);
        return;
      }
      this.#name.textContent = file.name;
      this.#shown.hidden = false;
      onChange();
    };
    this.#input.addEventListener('change', () => {
      const [file] = this.#input.files ?? [];
      // So that the same file, changed, can be chosen again.
      void take(file).finally(() => (this.#input.value = ''));
    });
    byId('file-remove', HTMLButtonElement).addEventListener('click', () => {
      this.#document = undefined;
      this.#shown.hidden = true;
      this.#input.focus();
      onChange();
    });
    // Else the browser would leave the page for the file.
    window.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.#zone.classList.add('over');
    });
    window.addEventListener('dragleave', () => this.#zone.classList.remove('over'));
    window.addEventListener('drop', (event) => {
      event.preventDefault();
      this.#zone.classList.remove('over');
      void take(event.dataTransfer?.files[0]);
    });
  }

  get document(): DroppedDocument | undefined {
    return this.#document;
  }
}

const WHAT_IS_READ = 'Text, Markdown and HTML are read here; PDF and DOCX by "verbatim index".';

import { element } from '../../dom.js';
import type { EngineProgress } from '../../engine.js';
import { fill } from '../strings/index.js';
import type { View } from './view.js';

/** A bar that has just begun is to be seen as one. */
const LEAST_SHOWN = 0.05;

/** What an engine is doing. It keeps its size while it says more. */
export class ProgressView {
  readonly root: HTMLElement;
  readonly #view: View;
  readonly #bar = element('span', { class: 'progress-bar' });
  readonly #text: HTMLElement;
  readonly #note = element('p', { class: 'note' });
  #passages = 0;
  #read = 0;

  constructor(view: View) {
    this.#view = view;
    this.#text = element('p', {}, view.strings.searching);
    this.root = element(
      'div',
      { class: 'card progress', part: 'progress' },
      this.#text,
      element('span', { class: 'progress-track' }, this.#bar),
      this.#note,
    );
  }

  show(progress: EngineProgress): void {
    const { strings, formats } = this.#view;
    if (progress.stage === 'loading') {
      this.#text.textContent = fill(strings.loading, { share: formats.percent(progress.share) });
      this.#fill(progress.share);
      return;
    }
    if (progress.stage === 'retrieved') this.#passages = progress.passages.length;
    else this.#read++;
    if (this.#passages === 0) return;
    const count = formats.number(this.#passages);
    const read = formats.number(Math.min(this.#read + 1, this.#passages));
    this.#text.textContent = fill(strings.reading, { read, count });
    this.#fill(this.#read / this.#passages);
  }

  /** Tells that it goes on. */
  showSlow(): void {
    this.#note.textContent = this.#view.strings.slow;
  }

  #fill(share: number): void {
    this.#bar.style.setProperty('--_share', String(Math.min(1, Math.max(LEAST_SHOWN, share))));
    this.#bar.classList.add('is-known');
  }
}

import { element, type Child } from '../dom.js';
import { failureText, RequestFailure } from './failure.js';
import type { Server } from './server.js';

const HOW = `verbatim eval questions.json --mode open --index kb --report report.html
verbatim serve --index kb --report report.html`;

/** The evaluation report in a frame that can run nothing, or how to make one. */
export class EvaluationView {
  readonly #view: HTMLElement;
  readonly #server: Server;
  readonly #onKeyNeeded: () => void;
  #address: string | undefined;

  constructor(view: HTMLElement, server: Server, onKeyNeeded: () => void) {
    this.#view = view;
    this.#server = server;
    this.#onKeyNeeded = onKeyNeeded;
  }

  /** Shows the report as it is now. */
  async show(): Promise<void> {
    this.#view.replaceChildren(element('p', { class: 'quiet' }, 'Loading the report…'));
    try {
      const html = await this.#server.report();
      if (this.#address !== undefined) URL.revokeObjectURL(this.#address);
      // Under the policy of this page, which names the report's style sheet; the empty sandbox lets nothing run.
      this.#address = URL.createObjectURL(new Blob([html], { type: 'text/html;charset=utf-8' }));
      const frame = element('iframe', { sandbox: '', title: 'Evaluation report' });
      frame.src = this.#address;
      this.#view.replaceChildren(frame);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.needsKey) this.#onKeyNeeded();
      this.#view.replaceChildren(...withoutReport(error));
    }
  }
}

function withoutReport({ failure }: RequestFailure): Node[] {
  const isMissing = failure.kind === 'problem' && failure.problem.code === 'no-report';
  const { title, detail } = failureText(failure);
  const children: Child[] = isMissing
    ? [
        element('p', { class: 'verdict' }, 'No evaluation report'),
        element(
          'p',
          {},
          'Answer labelled questions, have the report written, and name it when the server starts:',
        ),
        element('pre', { tabindex: 0, 'aria-label': 'Commands' }, element('code', {}, HOW)),
        element(
          'p',
          { class: 'quiet' },
          'The questions are a SQuAD 2.0 file. The report is read again whenever it has been written again.',
        ),
      ]
    : [element('p', { class: 'verdict', role: 'alert' }, title), element('p', {}, detail)];
  return [element('section', { class: 'card', 'aria-label': 'Evaluation' }, ...children)];
}

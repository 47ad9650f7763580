import { element } from '../../dom.js';
import type { Exchange } from '../conversation.js';
import { answerView } from './answer.js';
import { failureView } from './failure.js';
import { feedbackView, type SendVerdict } from './feedback.js';
import { noAnswerView } from './no-answer.js';
import { ProgressView } from './progress.js';
import type { View } from './view.js';

export interface ExchangeActions {
  readonly retry: () => void;
  /** Sends a verdict on an answer. */
  readonly judge: (answerId: string, verdict: 'right' | 'wrong') => Promise<void>;
}

/** A question of the conversation and what has become of it. */
export class ExchangeView {
  readonly root: HTMLLIElement;
  readonly #exchange: Exchange;
  readonly #view: View;
  readonly #actions: ExchangeActions;
  readonly #question: HTMLHeadingElement;
  readonly #body = element('div', { class: 'body' });
  /** While there is no outcome. */
  progress: ProgressView | undefined;

  constructor(exchange: Exchange, view: View, actions: ExchangeActions) {
    this.#exchange = exchange;
    this.#view = view;
    this.#actions = actions;
    this.#question = element(
      `h${view.headingLevel}`,
      { class: 'question', part: 'question', tabindex: -1 },
      element('span', { class: 'hidden' }, `${view.strings.youAsked} `),
      element('bdi', {}, exchange.question),
    );
    this.root = element('li', { class: 'exchange', part: 'exchange' }, this.#question, this.#body);
    this.update();
  }

  /** Shows the outcome that there is now. */
  update(): void {
    this.progress = this.#exchange.outcome.kind === 'pending' ? new ProgressView(this.#view) : undefined;
    this.#body.replaceChildren(this.progress?.root ?? this.#outcome());
  }

  focus(): void {
    this.#question.focus({ preventScroll: true });
  }

  #outcome(): HTMLElement {
    const { outcome } = this.#exchange;
    const view = this.#view;
    if (outcome.kind === 'failed') return failureView(outcome.error, view, this.#actions.retry);
    if (outcome.kind !== 'answered') return element('p', { class: 'stopped' }, view.strings.stopped);
    const { result } = outcome;
    return result.kind === 'answer'
      ? answerView(result, view, this.#feedback(result.answerId))
      : noAnswerView(outcome, view, this.#feedback(result.answerId));
  }

  #feedback(answerId: string | undefined): HTMLElement | undefined {
    if (answerId === undefined) return undefined;
    const send: SendVerdict = (verdict) => this.#actions.judge(answerId, verdict);
    return feedbackView(this.#view, send);
  }
}

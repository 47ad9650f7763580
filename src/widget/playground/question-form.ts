import { byId } from './dom.js';
import type { Question, Rule } from './question.js';

/** The fields in which a question is asked. */
export class QuestionForm {
  readonly #question = byId('question', HTMLTextAreaElement);
  readonly #topK = byId('top-k', HTMLInputElement);
  readonly #rule = byId('rule', HTMLSelectElement);
  readonly #limit = byId('limit', HTMLInputElement);
  readonly #filter = byId('filter', HTMLDetailsElement);
  readonly #path = byId('path', HTMLInputElement);
  readonly #tags = byId('tags', HTMLInputElement);
  readonly #from = byId('from', HTMLInputElement);
  readonly #to = byId('to', HTMLInputElement);

  /** @param onChange - told of every change of a field. */
  constructor(onAsk: () => void, onChange: () => void) {
    const form = byId('ask-form', HTMLFormElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      onAsk();
    });
    form.addEventListener('input', () => {
      this.#limit.disabled = this.#rule.value === 'profile';
      onChange();
    });
    this.#question.addEventListener('keydown', (event) => {
      // While a word is being composed, Enter chooses it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }

  get value(): Question {
    const number = (input: HTMLInputElement): number | undefined =>
      Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber;
    const tags = this.#tags.value
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    const path = this.#path.value.trim();
    const [from, to] = [this.#from.value, this.#to.value];
    const filter = {
      ...(path === '' ? {} : { path }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(from === '' ? {} : { from }),
      ...(to === '' ? {} : { to }),
    };
    const topK = number(this.#topK);
    const rule = this.#rule.value as Rule;
    const limit = rule === 'profile' ? undefined : number(this.#limit);
    return {
      question: this.#question.value,
      ...(topK === undefined ? {} : { topK }),
      ...(limit === undefined ? {} : { [rule]: limit }),
      ...(Object.keys(filter).length === 0 ? {} : { filter }),
    };
  }

  set value({ question, topK, threshold, minConfidence, filter = {} }: Question) {
    this.#question.value = question;
    this.#topK.value = topK === undefined ? '' : String(topK);
    if (threshold !== undefined) this.setLimit('threshold', threshold);
    else if (minConfidence !== undefined) this.setLimit('minConfidence', minConfidence);
    else this.setLimit('profile', undefined);
    this.#path.value = filter.path ?? '';
    this.#tags.value = (filter.tags ?? []).join(', ');
    // Links may say a time, which the fields do not have.
    this.#from.value = filter.from?.slice(0, 10) ?? '';
    this.#to.value = filter.to?.slice(0, 10) ?? '';
    if (Object.keys(filter).length > 0) this.#filter.open = true;
  }

  setLimit(rule: Rule, limit: number | undefined): void {
    this.#rule.value = rule;
    this.#limit.value = limit === undefined ? '' : String(limit);
    this.#limit.disabled = rule === 'profile';
  }

  setTopKLimit(most: number | undefined): void {
    if (most !== undefined) this.#topK.max = String(most);
  }

  focus(): void {
    this.#question.focus();
  }
}

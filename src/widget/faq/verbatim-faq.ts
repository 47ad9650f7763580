import { element, safeHref, setAttribute } from '../dom.js';
import {
  EngineError,
  type AnswerEngine,
  type EngineFactory,
  type EngineProgress,
  type Verdict,
} from '../engine.js';
import { engineFactory, registerEngine } from '../engine-registry.js';
import { icon } from '../icons.js';
import { colourRules } from '../tokens.js';
import type { WirePassage, WireResult } from '../wire.js';
import { ConversationStore, type Exchange } from './conversation.js';
import styles from './faq.css';
import { formatsOf } from './format.js';
import { Settings } from './settings.js';
import { createSkeleton, type Skeleton } from './skeleton.js';
import { fill, languageOf, registerLanguage, type FaqLanguage, type FaqStrings } from './strings/index.js';
import { SuggestionBox } from './suggestion-box.js';
import { ExchangeView } from './views/exchange.js';
import { failureText } from './views/failure.js';
import type { View } from './views/view.js';

/** What the element's events carry. Each bubbles and leaves shadow trees. */
export interface FaqEvents {
  /** A question has been answered. */
  readonly answer: { readonly question: string; readonly result: WireResult };
  /** The documents do not answer it. */
  readonly 'no-answer': { readonly question: string; readonly result: WireResult };
  /** A visitor has judged a result, and the engine has taken it. */
  readonly feedback: Verdict & { readonly question: string };
  /** There is no result, or a verdict could not be sent. */
  readonly error: { readonly question: string; readonly error: EngineError };
}

/** Milliseconds after which a visitor is told that it goes on. */
const SLOW_AFTER = 8_000;
const SUGGESTIONS = 6;
/** Passages shown where there is no answer, and passages looked through for as many of different sections. */
const NEAREST = 3;
const NEAREST_FOUND = 10;

// Where there is no page, such as on a server that renders one, this file can be imported, but there is nothing to be an element of.
const Base =
  (globalThis.HTMLElement as typeof HTMLElement | undefined) ?? (Object as unknown as typeof HTMLElement);

/**
 * `<verbatim-faq>`: a box that answers questions from documents, with the words of a document and a link to where they stand.
 *
 * Attributes: `src`, `api-key`, `engine`, `timeout`, `top-k`, `lang`, `dir`, `theme`, `heading`, `heading-level`, `placeholder`, `examples`,
 * `contact-href`, `contact-text`, `source-base`, `history`. Slots: `heading`, `welcome`, `footer`. Events: {@link FaqEvents}.
 *
 * @example
 * <script type="module" src="https://qa.example.org/widget/verbatim-faq.js"></script>
 * <verbatim-faq contact-href="/contact"></verbatim-faq>
 */
export class VerbatimFaq extends Base {
  static readonly observedAttributes: readonly string[] = [
    ...['src', 'api-key', 'engine', 'timeout', 'lang', 'dir', 'heading', 'heading-level', 'placeholder'],
    ...['examples', 'contact-href', 'contact-text', 'source-base'],
  ];

  /**
   * Makes an engine known under a name, to be used by elements whose `engine` attribute has it.
   *
   * @example
   * VerbatimFaq.registerEngine('staff', (settings) => new HttpEngine({ ...settings, src: '/staff/' }));
   */
  static registerEngine(name: string, factory: EngineFactory): void {
    registerEngine(name, factory);
  }

  /** Adds the interface text of a language, or replaces it. @param tag - BCP 47. */
  static registerLanguage(tag: string, language: FaqLanguage): void {
    registerLanguage(tag, language);
  }

  readonly #settings: Settings;
  readonly #parts: Skeleton;
  readonly #box: SuggestionBox;
  #exchanges: Exchange[] = [];
  readonly #views = new Map<Exchange, ExchangeView>();
  #view: View;
  #strings: Partial<FaqStrings> = {};
  #store: ConversationStore | undefined;
  #engine: Promise<AnswerEngine> | undefined;
  #pending: { readonly exchange: Exchange; readonly stop: AbortController } | undefined;
  #isRefreshing = false;

  constructor() {
    super();
    this.#settings = new Settings(this);
    this.#view = this.#createView();
    this.#parts = createSkeleton();
    const { root, form, input, suggestions, submit, clear } = this.#parts;
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [styleSheet()];
    shadow.append(root);
    this.#box = new SuggestionBox({
      input,
      list: suggestions,
      find: async (beginning, signal) =>
        (await this.#openEngine()).suggest(beginning, { signal, limit: SUGGESTIONS }),
      choose: (text) => {
        input.value = '';
        void this.ask(text);
      },
      shown: (count) =>
        this.#announce(count === 0 ? '' : fill(this.#view.strings.suggestionsFound, { count })),
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.ask(input.value);
    });
    input.addEventListener('input', () => this.#showHint(''));
    submit.addEventListener('click', () => {
      if (submit.type === 'button') this.stop();
    });
    clear.addEventListener('click', () => {
      this.clear();
      input.focus();
    });
  }

  /** Text to show instead of the language's own, by name. */
  get strings(): Partial<FaqStrings> {
    return this.#strings;
  }

  set strings(strings: Partial<FaqStrings>) {
    this.#strings = strings;
    this.#refresh();
  }

  /**
   * Asks a question as if it had been typed; one that is being answered is stopped.
   *
   * @returns the result; undefined for a question of nothing but white space, and where there is none: then an `error` event says why.
   */
  async ask(question: string): Promise<WireResult | undefined> {
    const asked = question.trim();
    const { input } = this.#parts;
    this.#box.close();
    if (asked === '') {
      this.#showHint(this.#view.strings.emptyQuestion);
      return undefined;
    }
    this.stop();
    this.#showHint('');
    if (input.value.trim() === asked) input.value = '';
    const exchange: Exchange = { question: asked, outcome: { kind: 'pending' } };
    this.#exchanges.push(exchange);
    const shown = this.#show(exchange);
    this.#showState();
    this.#scrollTo(shown);
    return this.#work(exchange);
  }

  /** Puts the focus into the field. */
  override focus(options?: FocusOptions): void {
    this.#parts.input.focus(options);
  }

  /** Stops answering the question that is being answered, if there is one. */
  stop(): void {
    if (this.#pending === undefined) return;
    const { exchange, stop } = this.#pending;
    stop.abort();
    this.#settle(exchange, { kind: 'stopped' });
    this.#announce(this.#view.strings.stopped);
  }

  /** Forgets the conversation. */
  clear(): void {
    this.stop();
    this.#exchanges = [];
    this.#views.clear();
    this.#parts.list.replaceChildren();
    this.#store?.save([]);
    this.#showState();
  }

  connectedCallback(): void {
    this.#upgrade('strings');
    if (this.#store === undefined) this.#restore();
    this.#render();
  }

  disconnectedCallback(): void {
    // An element that is only moved is back at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.stop();
      this.#closeEngine();
    });
  }

  attributeChangedCallback(name: string): void {
    if (['src', 'api-key', 'engine', 'timeout'].includes(name)) this.#closeEngine();
    else this.#refresh();
  }

  async #work(exchange: Exchange): Promise<WireResult | undefined> {
    const stop = new AbortController();
    const { signal } = stop;
    this.#pending = { exchange, stop };
    this.#showState();
    this.#announce(this.#view.strings.searching);
    const slow = setTimeout(() => {
      this.#views.get(exchange)?.progress?.showSlow();
      this.#announce(this.#view.strings.slow);
    }, SLOW_AFTER);
    try {
      const onProgress = (progress: EngineProgress): void =>
        this.#views.get(exchange)?.progress?.show(progress);
      const engine = await this.#openEngine();
      const topK = this.#settings.number('top-k', 1);
      const options = { signal, onProgress, ...(topK === undefined ? {} : { topK }) };
      const result = await engine.answer(exchange.question, options);
      const nearest = result.kind === 'answer' ? [] : await findNearest(engine, exchange.question, signal);
      signal.throwIfAborted();
      this.#settle(exchange, { kind: 'answered', result, nearest });
      this.#store?.save(this.#exchanges);
      this.#announce(this.#spoken(result));
      this.#tell(result.kind, { question: exchange.question, result });
      return result;
    } catch (error) {
      if (!signal.aborted) this.#fail(exchange, error);
      return undefined;
    } finally {
      clearTimeout(slow);
    }
  }

  #fail(exchange: Exchange, cause: unknown): void {
    const error = asEngineError(cause);
    const { question } = exchange;
    const { input } = this.#parts;
    this.#settle(exchange, { kind: 'failed', error });
    // It can only be asked in other words: those that there are must not be lost.
    const isRefused = error.reason === 'question-too-long' || error.reason === 'question-refused';
    if (isRefused && input.value === '') input.value = question;
    this.#announce(failureText(error, this.#view));
    this.#tell('error', { question, error });
  }

  #settle(exchange: Exchange, outcome: Exchange['outcome']): void {
    if (this.#pending?.exchange === exchange) this.#pending = undefined;
    exchange.outcome = outcome;
    this.#views.get(exchange)?.update();
    this.#showState();
  }

  async #judge(exchange: Exchange, verdict: Verdict): Promise<void> {
    const { question } = exchange;
    try {
      await (await this.#openEngine()).feedback(verdict);
    } catch (error) {
      this.#tell('error', { question, error: asEngineError(error) });
      throw error;
    }
    this.#tell('feedback', { question, ...verdict });
  }

  #openEngine(): Promise<AnswerEngine> {
    if (this.#engine !== undefined) return this.#engine;
    const opening = this.#createEngine();
    this.#engine = opening;
    // The next question tries again: an engine may be registered late.
    opening.catch(() => {
      if (this.#engine === opening) this.#engine = undefined;
    });
    return opening;
  }

  async #createEngine(): Promise<AnswerEngine> {
    const { name, settings } = this.#settings.engine();
    const factory = engineFactory(name);
    if (factory === undefined) {
      throw new TypeError(
        `verbatim-faq: expected engine to name a registered engine, got ${JSON.stringify(name)}.`,
      );
    }
    return factory(settings);
  }

  #closeEngine(): void {
    void this.#engine?.then((engine) => engine.close?.()).catch(() => undefined);
    this.#engine = undefined;
  }

  #restore(): void {
    if (this.#settings.word('history', ['session', 'none']) === 'none') return;
    const others = Array.from(document.querySelectorAll(this.localName));
    // Several components of a page, and the same component on another page of the site, are told apart.
    const name = this.id === '' ? `${location.pathname}#${others.indexOf(this)}` : this.id;
    this.#store = new ConversationStore(`${this.localName}:${name}`);
    this.#exchanges = this.#store.load();
  }

  /** Renders once for all changes that are made together. */
  #refresh(): void {
    if (this.#isRefreshing || !this.isConnected) return;
    this.#isRefreshing = true;
    queueMicrotask(() => {
      this.#isRefreshing = false;
      this.#render();
    });
  }

  #render(): void {
    this.#view = this.#createView();
    const { strings } = this.#view;
    const { root, heading, clear, log, welcomeText, examples, label, input, suggestions, list, submit } =
      this.#parts;
    const { direction, tag } = languageOf(this.#settings.language());
    setAttribute(root, 'lang', tag);
    setAttribute(root, 'dir', this.#settings.text('dir') ?? direction);
    heading.textContent = this.#settings.text('heading') ?? strings.heading;
    setAttribute(heading, 'aria-level', this.#view.headingLevel - 1);
    clear.replaceChildren(icon('clear'), element('span', { class: 'hidden' }, strings.clear));
    clear.title = strings.clear;
    setAttribute(root, 'aria-label', heading.textContent);
    setAttribute(log, 'aria-label', strings.conversation);
    welcomeText.textContent = strings.welcome;
    examples.replaceChildren(...this.#examples());
    label.textContent = strings.label;
    input.placeholder = this.#settings.text('placeholder') ?? strings.placeholder;
    setAttribute(suggestions, 'aria-label', strings.suggestions);
    submit.replaceChildren(face('ask', strings.ask), face('stop', strings.stop));
    list.replaceChildren();
    for (const exchange of this.#exchanges) this.#show(exchange);
    this.#showState();
  }

  #examples(): Node[] {
    const examples = (this.#settings.text('examples') ?? '').split('|').map((text) => text.trim());
    const given = examples.filter((text) => text !== '');
    if (given.length === 0) return [];
    const buttons = given.map((text) => {
      const button = element('button', { type: 'button', class: 'example', part: 'button example' }, text);
      button.addEventListener('click', () => {
        void this.ask(text);
        this.#parts.input.focus();
      });
      return element('li', {}, button);
    });
    return [
      element('p', { class: 'label' }, this.#view.strings.examples),
      element('ul', { role: 'list' }, ...buttons),
    ];
  }

  #createView(): View {
    const { tag, strings: own } = languageOf(this.#settings.language());
    const strings = { ...own, ...this.#strings };
    const href = safeHref(this.#settings.text('contact-href') ?? '');
    const text = this.#settings.text('contact-text') ?? strings.contact;
    const level = this.#settings.number('heading-level', 1, 5) ?? 2;
    return {
      strings,
      formats: formatsOf(tag),
      headingLevel: (level + 1) as View['headingLevel'],
      contact: href === undefined ? undefined : { href, text },
      sourceBase: this.#settings.text('source-base') ?? '',
    };
  }

  #show(exchange: Exchange): ExchangeView {
    const view = new ExchangeView(exchange, this.#view, {
      retry: () => this.#retry(exchange),
      judge: (answerId, verdict) => this.#judge(exchange, { answerId, verdict }),
    });
    this.#views.set(exchange, view);
    this.#parts.list.append(view.root);
    return view;
  }

  #retry(exchange: Exchange): void {
    this.#exchanges = this.#exchanges.filter((other) => other !== exchange);
    this.#views.get(exchange)?.root.remove();
    this.#views.delete(exchange);
    void this.ask(exchange.question);
    // The button that had the focus is gone.
    const last = this.#exchanges.at(-1);
    if (last !== undefined) this.#views.get(last)?.focus();
  }

  /** Shows what depends on whether there is a conversation, and whether a question is being answered. */
  #showState(): void {
    const { welcome, clear, submit } = this.#parts;
    const isPending = this.#pending !== undefined;
    welcome.hidden = this.#exchanges.length > 0;
    clear.hidden = this.#exchanges.length === 0;
    // Enter in the field asks the next question, whatever the button does.
    submit.type = isPending ? 'button' : 'submit';
    setAttribute(submit, 'data-pending', isPending);
  }

  #showHint(text: string): void {
    const { hint, input } = this.#parts;
    hint.textContent = text;
    setAttribute(input, 'aria-invalid', text === '' ? undefined : 'true');
  }

  /** The last exchange is as high as the log, so that its question can stand at the top before its answer is there. */
  #scrollTo({ root }: ExchangeView): void {
    const { log } = this.#parts;
    log.scrollTop += root.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }

  #announce(text: string): void {
    this.#parts.status.textContent = text;
  }

  #spoken(result: WireResult): string {
    const { strings } = this.#view;
    if (result.kind === 'no-answer') return strings.noAnswer;
    const source = result.citations[0]?.title;
    return [result.answer, ...(source === undefined ? [] : [`${strings.source}: ${source}`])].join('. ');
  }

  #tell<Name extends keyof FaqEvents>(name: Name, detail: FaqEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** A property that was set before the element was defined hides the accessor. */
  #upgrade(name: 'strings'): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    Reflect.deleteProperty(this, name);
    this[name] = value;
  }
}

/** What the button shows while it asks, or stops. Both take room, so that the button keeps its size. */
function face(name: 'ask' | 'stop', text: string): HTMLElement {
  return element(
    'span',
    { class: `face ${name}` },
    icon(name),
    element('span', { class: 'submit-text' }, text),
  );
}

let sheet: CSSStyleSheet | undefined;

/** One for all elements. It is constructed, which a page's security policy has nothing against. */
function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(`${colourRules(':host')}\n${styles}`);
  }
  return sheet;
}

/** The nearest passages, no two of the same section; none where they cannot be had, which is no reason to withhold the result. */
async function findNearest(
  engine: AnswerEngine,
  question: string,
  signal: AbortSignal,
): Promise<readonly WirePassage[]> {
  try {
    const found = await engine.nearest(question, { signal, limit: NEAREST_FOUND });
    const sections = new Map<string, WirePassage>();
    for (const passage of found) {
      const section = JSON.stringify([passage.documentId, ...passage.headings]);
      if (!sections.has(section)) sections.set(section, passage);
    }
    return Array.from(sections.values()).slice(0, NEAREST);
  } catch {
    return [];
  }
}

function asEngineError(error: unknown): EngineError {
  if (EngineError.isInstance(error)) return error;
  return new EngineError('failed', error instanceof Error ? error.message : String(error), { cause: error });
}

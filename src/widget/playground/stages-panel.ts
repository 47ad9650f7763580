import { element } from '../dom.js';
import { count, milliseconds } from './format.js';
import type { Decision } from './redecide.js';
import type { Times } from './wire.js';

const STAGES = [
  ['retrieve', 'Retrieve'],
  ['read', 'Read'],
  ['aggregate', 'Aggregate'],
  ['total', 'In this page'],
] as const;

type StageName = (typeof STAGES)[number][0];

/** What each stage did and how long it took. */
export class StagesPanel {
  readonly #facts = new Map<StageName, { readonly time: HTMLElement; readonly what: HTMLElement }>();

  constructor(panel: HTMLElement) {
    for (const [name, label] of STAGES) {
      const [time, what] = [element('strong'), element('span', { class: 'quiet' })];
      this.#facts.set(name, { time, what });
      panel.append(
        element('div', { class: 'stage' }, element('span', { class: 'label' }, label), time, what),
      );
    }
    this.clear();
  }

  clear(): void {
    for (const name of this.#facts.keys()) this.#set(name, '–', ' ');
  }

  showFound(passages: number): void {
    this.#set('retrieve', undefined, count(passages, 'passage'));
  }

  showRead(read: number, of: number): void {
    this.#set('read', undefined, `${read} of ${count(of, 'passage')}`);
  }

  showTimes({ retrieveMs, readMs, aggregateMs, cached = false }: Times): void {
    const shown = (ms: number | undefined): string =>
      cached ? 'cached' : ms === undefined ? '–' : milliseconds(ms);
    this.#set('retrieve', shown(retrieveMs));
    this.#set('read', shown(readMs));
    this.#set('aggregate', shown(aggregateMs));
  }

  showTotal(ms: number): void {
    this.#set('total', milliseconds(ms), 'from asking to the result');
  }

  showDecision({ readings, distinct, result }: Decision, found: number): void {
    const windows = readings.reduce((sum, { windowCount }) => sum + windowCount, 0);
    this.#set('retrieve', undefined, count(found, 'passage'));
    this.#set('read', undefined, `${count(readings.length, 'passage')}, ${count(windows, 'window')}`);
    this.#set('aggregate', undefined, `${result.passagesDropped} dropped, ${count(distinct, 'answer')}`);
  }

  #set(name: StageName, time: string | undefined, what?: string): void {
    const facts = this.#facts.get(name);
    if (facts === undefined) return;
    if (time !== undefined) facts.time.textContent = time;
    if (what !== undefined) facts.what.textContent = what;
  }
}

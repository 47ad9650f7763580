import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { element } from '../dom.js';
import { withProperties } from './dom.js';
import { count, decimal, percent } from './format.js';
import { limitOf, type Decision } from './redecide.js';

/** Something on a scale. */
interface Dot {
  readonly value: number;
  readonly label: string;
  readonly title: string;
  /** Whether the limits let it in; undefined while that is not known. */
  readonly isIn?: boolean;
}

/** Dots of one scale that are shown at most. */
const MAX_DOTS = 100;
/** Answers that are shown at most: the others crowd at nothing. */
const MAX_ANSWERS = 10;
/** Where one dot ends and the next begins, as a share of the scale; how many stand on top of each other. */
const DOT_WIDTH = 0.045;
const LANES = 3;

/** A line with dots on it, a limit, and a slider that moves the limit. */
class Scale {
  readonly element: HTMLElement;
  readonly #dots = element('div', { class: 'dots', 'aria-hidden': 'true' });
  readonly #ticks = element('div', { class: 'ticks', 'aria-hidden': 'true' });
  readonly #line = element('div', { class: 'limit', hidden: true });
  readonly #slider = element('input', { type: 'range' });
  readonly #value = element('output', { class: 'number' });
  readonly #label: HTMLLabelElement;
  readonly #format: (value: number) => string;
  #x: ScaleLinear<number, number> = scaleLinear().domain([-15, 15]);

  constructor(
    id: string,
    heading: string,
    label: string,
    meaning: string,
    step: number,
    format: (value: number) => string,
    onMove: (limit: number) => void,
  ) {
    this.#format = format;
    this.#slider.id = id;
    this.#slider.step = String(step);
    this.#label = element('label', { for: id }, label);
    this.element = element(
      'div',
      { class: 'scale', role: 'group', 'aria-label': heading },
      element('h3', {}, heading),
      element('div', { class: 'plot' }, this.#dots, this.#line, this.#ticks),
      this.#slider,
      element('p', { class: 'limit-label' }, this.#label, ' ', this.#value, ` · ${meaning}`),
    );
    this.#slider.addEventListener('input', () => onMove(this.#slider.valueAsNumber));
    this.showDots([], [0, 1]);
    this.showLimit(undefined, false);
  }

  /** @param around - what the scale shows in any case. */
  showDots(dots: readonly Dot[], around: readonly number[]): void {
    const finite = dots.filter(({ value }) => Number.isFinite(value)).slice(0, MAX_DOTS);
    const values = [...finite.map(({ value }) => value), ...around];
    this.#x = scaleLinear()
      .domain([Math.min(...values), Math.max(...values)])
      .nice(6);
    this.#ticks.replaceChildren(
      ...this.#x.ticks(6).map((tick) =>
        withProperties(element('span', {}, this.#format(tick).replace(/\.0+(?=$|%)/, '')), {
          '--at': this.#x(tick).toFixed(4),
        }),
      ),
    );
    const lanes: number[] = [];
    this.#dots.replaceChildren(
      ...[...finite]
        .sort((a, b) => a.value - b.value)
        .map(({ value, label, title, isIn }) => {
          const at = this.#x(value);
          const free = lanes.findIndex((end) => at - end >= DOT_WIDTH);
          const lane = free >= 0 ? free : lanes.length < LANES ? lanes.length : LANES - 1;
          lanes[lane] = at;
          const dot = isIn === undefined ? 'dot' : isIn ? 'dot in' : 'dot out';
          return withProperties(element('span', { class: dot, title }, label), {
            '--at': at.toFixed(4),
            '--lane': String(lane),
          });
        }),
    );
    const [min = 0, max = 1] = this.#x.domain();
    this.#slider.min = String(min);
    this.#slider.max = String(max);
  }

  /** @param isMovable - whether the rule in force has this limit. */
  showLimit(limit: number | undefined, isMovable: boolean): void {
    this.element.classList.toggle('fixed', !isMovable);
    this.#slider.disabled = !isMovable;
    this.#line.hidden = limit === undefined;
    this.#value.value = limit === undefined ? '–' : this.#format(limit);
    if (limit === undefined) return;
    const [min = 0, max = 1] = this.#x.domain();
    const inside = Math.min(max, Math.max(min, limit));
    this.#line.style.setProperty('--at', this.#x(inside).toFixed(4));
    if (this.#slider.valueAsNumber !== limit) this.#slider.value = String(limit);
    this.#slider.setAttribute('aria-valuetext', this.#format(limit));
  }
}

/** Null score against best span, and how sure the answers are, each with its limit. Moving the one in force decides again. */
export class ScalesPanel {
  readonly #passages: Scale;
  readonly #answers: Scale;
  readonly #note = element('p', { class: 'quiet note-line' });
  readonly #reset = element('button', { type: 'button', disabled: true }, 'Reset');
  readonly #ask = element('button', { type: 'button', disabled: true }, 'Ask with this limit');
  #live: Dot[] = [];

  constructor(
    panel: HTMLElement,
    on: {
      readonly move: (limit: number) => void;
      readonly reset: () => void;
      readonly ask: () => void;
    },
  ) {
    const differences = 'Passages: null score − best span score';
    this.#passages = new Scale(
      'threshold-line',
      differences,
      'Threshold',
      'passages to the right are dropped',
      0.05,
      decimal,
      on.move,
    );
    this.#answers = new Scale(
      'confidence-line',
      'Answers: confidence',
      'Least confidence',
      'answers to the left are withheld',
      0.005,
      percent,
      on.move,
    );
    this.#reset.addEventListener('click', on.reset);
    this.#ask.addEventListener('click', on.ask);
    panel.append(
      this.#passages.element,
      this.#answers.element,
      element('div', { class: 'row' }, this.#reset, this.#ask),
      this.#note,
    );
    this.clear();
  }

  clear(): void {
    this.#live = [];
    this.#passages.showDots([], [-15, 15]);
    this.#answers.showDots([], [0, 1]);
    this.#passages.showLimit(undefined, false);
    this.#answers.showLimit(undefined, false);
    this.#note.textContent = 'After a question the limit in force can be moved: it decides again at once.';
    this.#setMoved(false);
  }

  /** A passage that has just been read. */
  showRead(rank: number, margin: number | null): void {
    if (margin === null) return;
    this.#live.push({ value: -margin, label: String(rank), title: `passage ${rank}` });
    this.#passages.showDots(this.#live, [-15, 15]);
  }

  /** @param found - how many passages were found, of which some may not have been read. */
  show({ result, profile, ranking, readings }: Decision, original: number, found: number): void {
    const isFusion = profile.aggregation === 'fusion';
    const limit = limitOf(profile);
    const isMoved = limit !== original;
    const passages = (result.explanation ?? []).map(({ rank, margin, kept }): Dot => ({
      value: -margin,
      label: String(rank),
      title: `passage ${rank}: ${decimal(-margin)}`,
      isIn: kept,
    }));
    // Room on either side, so that the line can be moved past every dot; the original stays in sight.
    const ends = passages.map(({ value }) => value).filter(Number.isFinite);
    const room = [Math.min(...ends, 0) - 1, Math.max(...ends, 0) + 1];
    this.#passages.showDots(passages, [
      ...room,
      ...(isFusion ? [profile.threshold] : [original - 1, original + 1]),
    ]);
    this.#passages.showLimit(profile.threshold, !isFusion);
    this.#answers.showDots(
      ranking.slice(0, MAX_ANSWERS).map(({ answer, confidence }, i) => ({
        value: confidence,
        label: String(i + 1),
        title: `${answer}: ${percent(confidence)}`,
        isIn: result.kind === 'answer' && (!isFusion || confidence >= profile.minConfidence),
      })),
      [0, 1],
    );
    this.#answers.showLimit(isFusion ? limit : undefined, isFusion);
    this.#note.textContent = noteOf(isFusion, isMoved, readings.length, found);
    this.#setMoved(isMoved);
  }

  #setMoved(isMoved: boolean): void {
    this.#reset.disabled = !isMoved;
    this.#ask.disabled = !isMoved;
  }
}

function noteOf(isFusion: boolean, isMoved: boolean, read: number, found: number): string {
  if (!isFusion) {
    return 'The plain rule: a passage is dropped, and no answer given, if its null score beats its best span by more than the threshold.';
  }
  const rule = isMoved
    ? 'A least confidence decides alone, in place of the profile’s own limits, as minConfidence does on the server.'
    : 'A fusion profile: its threshold only drops hopeless passages; the least confidence, once moved, decides alone.';
  return isMoved && read < found
    ? `${rule} It decides on the ${count(read, 'passage')} read of ${found}: under its own limits the profile found them enough; asked with this limit, the server reads all.`
    : rule;
}

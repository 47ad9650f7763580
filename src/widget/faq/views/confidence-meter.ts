import { confidenceLevel } from '../../confidence.js';
import { element } from '../../dom.js';
import type { View } from './view.js';

/** A confidence in words, as a small bar, and as a number. */
export function confidenceMeter(confidence: number, { strings, formats }: View): HTMLElement {
  const level = confidenceLevel(confidence);
  const words = strings.confidenceLevels[level];
  const percent = formats.percent(confidence);
  const bar = element('span', { class: 'meter-bar' });
  bar.style.setProperty('--_share', String(Math.min(1, Math.max(0, confidence))));
  const meter = element(
    'span',
    {
      class: 'meter',
      role: 'meter',
      'aria-label': strings.confidence,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': Math.round(confidence * 100),
      'aria-valuetext': `${words}, ${percent}`,
    },
    bar,
  );
  return element(
    'p',
    { class: 'confidence', part: 'confidence', 'data-level': level },
    meter,
    element('span', { class: 'confidence-words', 'aria-hidden': 'true' }, words),
    element('span', { class: 'confidence-percent', 'aria-hidden': 'true' }, percent),
  );
}

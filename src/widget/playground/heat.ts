import type { Span } from '../../core/span.js';
import type { TokenScore } from '../../reader/types.js';
import { element } from '../dom.js';
import { withProperties } from './dom.js';
import { decimal } from './format.js';

/** Logits below the highest at which a token has no colour any more. */
const COLD = 10;

/** The highest logits of a question, so that a weak passage looks weak. */
export interface Hottest {
  readonly start: number;
  readonly end: number;
}

export function hottestOf(passages: readonly { readonly tokens?: readonly TokenScore[] }[]): Hottest {
  const tokens = passages.flatMap((passage) => passage.tokens ?? []);
  return {
    start: tokens.reduce((highest, { startLogit }) => Math.max(highest, startLogit), -Infinity),
    end: tokens.reduce((highest, { endLogit }) => Math.max(highest, endLogit), -Infinity),
  };
}

function heat(logit: number, hottest: number): string {
  return Math.max(0, 1 - (hottest - logit) / COLD).toFixed(3);
}

/** A passage's text: how well an answer begins at a token as its ground, how well one ends there as the line below it. */
export function heatedText(
  text: string,
  tokens: readonly TokenScore[],
  best: Span | undefined,
  hottest: Hottest,
): HTMLElement {
  const shown = element('p', { class: 'text heat', dir: 'auto' });
  let done = 0;
  for (const { start, end, startLogit, endLogit } of tokens) {
    // A byte-level token may hold a space, or none of a character that several share.
    if (start < done || end <= start) continue;
    const isBest = best !== undefined && start >= best.start && end <= best.end;
    shown.append(
      text.slice(done, start),
      withProperties(
        element(
          'span',
          {
            class: isBest ? 'best' : undefined,
            title: `start ${decimal(startLogit)}, end ${decimal(endLogit)}`,
          },
          text.slice(start, end),
        ),
        { '--start-heat': heat(startLogit, hottest.start), '--end-heat': heat(endLogit, hottest.end) },
      ),
    );
    done = end;
  }
  shown.append(text.slice(done));
  return shown;
}

const LISTED = 5;

/** The tokens with the highest logits, in numbers. */
export function hottestTokens(text: string, tokens: readonly TokenScore[]): HTMLElement {
  const list = (label: string, logit: (token: TokenScore) => number): HTMLElement =>
    element(
      'div',
      {},
      element('h3', {}, label),
      element(
        'ol',
        {},
        ...[...tokens]
          .sort((a, b) => logit(b) - logit(a))
          .slice(0, LISTED)
          .map((token) =>
            element(
              'li',
              {},
              element('bdi', { class: 'words' }, text.slice(token.start, token.end)),
              ` ${decimal(logit(token))}`,
            ),
          ),
      ),
    );
  return element(
    'div',
    { class: 'pair' },
    list('Best starts', ({ startLogit }) => startLogit),
    list('Best ends', ({ endLogit }) => endLogit),
  );
}

import { describe, expect, it } from 'vitest';
import { compare, wordsOf } from '../../src/langchain/support-rule.js';

const WARRANTY = 'The warranty on every Lumen device lasts two years from the date of delivery.';

const supports = (source: string, statement: string, strict = false): boolean =>
  compare(statement, source, strict).supported;

describe('the rule of what a sentence of a source supports', () => {
  it.each([
    ['itself', WARRANTY, WARRANTY],
    [
      'itself in other letters and signs',
      WARRANTY,
      'the warranty on every LUMEN device lasts **two years**, from the date of delivery',
    ],
    [
      'a number written otherwise',
      WARRANTY,
      'The warranty on every Lumen device lasts 2 years from the date of delivery.',
    ],
    ['itself without a phrase', WARRANTY, 'The warranty lasts two years.'],
    ['thousands written otherwise', 'It holds 1,000 passages.', 'It holds 1000 passages.'],
    ['a negation written otherwise', "It doesn't cover water.", 'It does not cover water.'],
    ['cannot written otherwise', 'You cannot return it.', "You can't return it."],
    ['what stands before a comma', 'Returns are free, and labels come with the parcel.', 'Returns are free.'],
    [
      'its second main clause',
      'Returns are free; labels come with the parcel.',
      'Labels come with the parcel.',
    ],
    ['itself without its opening word', 'Therefore, returns are free.', 'Returns are free.'],
    ['a parenthesis left out', 'The hub (white) is free.', 'The hub is free.'],
  ])('is %s', (_, source, statement) => {
    expect(supports(source, statement)).toBe(true);
  });

  it.each([
    [
      'a changed number',
      WARRANTY,
      'The warranty on every Lumen device lasts three years from the date of delivery.',
    ],
    ['a changed digit', 'It costs 25.50 euros.', 'It costs 25.5 euros.'],
    ['another unit', 'It costs $5.', 'It costs €5.'],
    ['a lost per cent sign', 'It rose by 5%.', 'It rose by 5.'],
    ['a lost minus', 'It starts at −5 degrees.', 'It starts at 5 degrees.'],
    ['a lost exponent', 'It has 10² parts.', 'It has 102 parts.'],
    ['a range cut short', 'It takes 10–20 days.', 'It takes 10 days.'],
    [
      'an added negation',
      WARRANTY,
      'The warranty on every Lumen device does not last two years from the date of delivery.',
    ],
    ['an added never', WARRANTY, 'The warranty never lasts two years.'],
    ['a dropped negation', 'The warranty does not cover water.', 'The warranty does cover water.'],
    ['a dropped contraction', "The warranty doesn't cover water.", 'The warranty does cover water.'],
    ['a changed name', WARRANTY, 'The warranty on every Acme device lasts two years.'],
    ['other words', WARRANTY, 'The warranty is valid for two years.'],
    ['subject and object exchanged', 'Acme bought Lumen.', 'Lumen bought Acme.'],
    ['another tense', 'The office was in Berlin.', 'The office is in Berlin.'],
    ['a dropped condition', 'Returns are free if the box is closed.', 'Returns are free.'],
    ['a condition before it', 'If the box is closed, returns are free.', 'Returns are free.'],
    ['a dropped exception', 'Returns are free, except from islands.', 'Returns are free.'],
    ['a contradiction after it', 'Returns are free, but pick-up is not.', 'Returns are free.'],
    ['a dropped limit', 'It lasts less than two years.', 'It lasts two years.'],
    ['a dropped hedge', 'It may last two years.', 'It last two years.'],
    ['who says so', 'Critics claim the hub is slow.', 'The hub is slow.'],
    ['who told it', 'Anna of Acme told us that Lumen won.', 'Anna won.'],
    ['a part of the subject', 'The son of the king died.', 'The king died.'],
    ['a possessor', "The king of France's son died.", 'The king died.'],
    [
      'another of two numbers',
      'It lasts two years for parts and one year for labour.',
      'It lasts two years for labour.',
    ],
    ['a label that denies it', 'Myth: the battery explodes.', 'The battery explodes.'],
    ['a name that looks like an article', 'Plan A is free.', 'The plan is free.'],
    ['a proviso', 'Returns are free, provided the box is closed.', 'Returns are free.'],
    ['what follows a dash', 'A rival’s view — the hub is slow.', 'The hub is slow.'],
    ['a part of a sum', 'The hub is free for the first month.', 'The hub is free.'],
    ['a question', 'Is the warranty two years?', 'Is the warranty two years.'],
    ['nothing', WARRANTY, '…'],
    ['more than it says', 'Returns are free.', 'Returns are free for members.'],
    ['the same words twice', 'Returns are free.', 'Returns are free free.'],
  ])('is not %s', (_, source, statement) => {
    expect(supports(source, statement)).toBe(false);
    expect(supports(source, statement, true)).toBe(false);
  });

  it('says what was left out, and refuses it where it is to be strict', () => {
    const statement = 'The warranty lasts two years.';
    const comparison = compare(statement, WARRANTY, false);
    if (!comparison.supported) throw new Error('Expected support.');
    const text = ({ start, end }: { start: number; end: number }): string => WARRANTY.slice(start, end);
    expect(comparison.leftOut.map(text)).toEqual(['on every Lumen device', 'from the date of delivery']);
    expect(text(comparison.span)).toBe('The warranty on every Lumen device lasts two years');
    expect(supports(WARRANTY, statement, true)).toBe(false);
    expect(supports(WARRANTY, WARRANTY, true)).toBe(true);
  });

  it('says how near a sentence comes that does not support it, and which words it has not', () => {
    const comparison = compare('The warranty lasts three years.', WARRANTY, false);
    expect(comparison).toMatchObject({ supported: false, share: 3 / 4 });
    if (!comparison.supported) expect(comparison.missing).toEqual([{ start: 19, end: 24 }]);
  });

  it('compares words without articles, with inner signs, numbers and signs kept', () => {
    expect(wordsOf("A 1,000.5 km-long can't–do v3.2 isn’t 5% −7").map(({ key }) => key)).toEqual([
      '1000.5',
      'km-long',
      'can',
      'not',
      'do',
      'v3.2',
      'is',
      'not',
      '5',
      '%',
      '-',
      '7',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { porter2 } from '../../src/retriever/porter2.js';

describe('porter2', () => {
  // Words and stems of the algorithm's own page (snowballstem.org/algorithms/english/stemmer.html).
  it.each([
    ['consign consigned consigning consignment', 'consign'],
    ['consist consisted consistency consistent consistently consisting consists', 'consist'],
    ['knack knacks', 'knack'],
    ['knave knaves', 'knave'],
    ['knavish', 'knavish'],
    ['kneaded kneading', 'knead'],
    ['kneel kneeled kneeling kneels', 'kneel'],
    ['knitted knitting', 'knit'],
    ['knightly', 'knight'],
    ['consolingly', 'consol'],
    ['conspicuous conspicuously', 'conspicu'],
    ['conspiracy conspiracies', 'conspiraci'],
    ['conspirator conspirators', 'conspir'],
  ])('%s', (words, stem) => {
    expect([...new Set(words.split(' ').map(porter2))]).toEqual([stem]);
  });

  // One or two words for each rule.
  it.each([
    // Step 1a
    ...[
      ['caresses', 'caress'],
      ['ponies', 'poni'],
      ['ties', 'tie'],
      ['cries', 'cri'],
      ['gas', 'gas'],
      ['gaps', 'gap'],
    ],
    ...[
      ['kiwis', 'kiwi'],
      ['bus', 'bus'],
      ['kiss', 'kiss'],
    ],
    // Step 1b
    ...[
      ['agreed', 'agre'],
      ['feed', 'feed'],
      ['plastered', 'plaster'],
      ['bled', 'bled'],
      ['sing', 'sing'],
    ],
    ...[
      ['luxuriated', 'luxuri'],
      ['hopping', 'hop'],
      ['hoping', 'hope'],
      ['falling', 'fall'],
      ['fizzed', 'fizz'],
    ],
    // Step 1c
    ...[
      ['cry', 'cri'],
      ['by', 'by'],
      ['say', 'say'],
      ['enjoy', 'enjoy'],
    ],
    // Step 2
    ...[
      ['relational', 'relat'],
      ['conditional', 'condit'],
      ['rational', 'ration'],
      ['digitizer', 'digit'],
    ],
    ...[
      ['vietnamization', 'vietnam'],
      ['analogy', 'analog'],
      ['geology', 'geolog'],
      ['quickly', 'quick'],
      ['only', 'onli'],
    ],
    // Step 3 and 4
    ...[
      ['electrical', 'electr'],
      ['hopefulness', 'hope'],
      ['formative', 'format'],
      ['adoption', 'adopt'],
    ],
    ...[
      ['replacement', 'replac'],
      ['adjustment', 'adjust'],
      ['opinion', 'opinion'],
    ],
    // Step 5
    ...[
      ['probate', 'probat'],
      ['rate', 'rate'],
      ['cease', 'ceas'],
      ['controll', 'control'],
      ['roll', 'roll'],
    ],
    // Exceptions
    ...[
      ['skies', 'sky'],
      ['dying', 'die'],
      ['news', 'news'],
      ['innings', 'inning'],
      ['succeeding', 'succeed'],
    ],
    ...[
      ['generate', 'generat'],
      ['general', 'general'],
      ['communication', 'communic'],
      ['community', 'communiti'],
    ],
    // Y as a consonant
    ...[
      ['youth', 'youth'],
      ['saying', 'say'],
      ['flying', 'fli'],
      ['boyish', 'boyish'],
    ],
    // What is no English word stays
    ...[
      ['1980s', '1980s'],
      ['12', '12'],
      ['is', 'is'],
      ['as', 'as'],
      ['東', '東'],
      ['привет', 'привет'],
      ['', ''],
    ],
  ])('%s: %s', (word = '', stem = '') => {
    expect(porter2(word)).toBe(stem);
  });
});

import { describe, expect, it } from 'vitest';
import { summarizeRun, type EvaluatedQuestion } from '../../src/evaluation/index.js';
import { judgeResult } from '../../src/evaluation/evaluated-question.js';
import { html } from '../../src/evaluation/report/html.js';
import { renderReport } from '../../src/evaluation/report/render-report.js';
import { labelled, PARAGRAPH, resultOf, retrieved } from '../support/evaluated.js';

const passages = [retrieved('Bridge#000000', PARAGRAPH, 1)];
const place = { documentId: 'Bridge#000000', start: 0 };
const judged = (
  label: ReturnType<typeof labelled>,
  candidate: string,
  options: Parameters<typeof resultOf>[2] = {},
): EvaluatedQuestion =>
  judgeResult({
    label,
    paragraph: PARAGRAPH,
    result: resultOf(passages, candidate, options),
    retrieved: passages,
    place,
  });

const QUESTIONS = [
  judged(labelled('right', '1932'), '1932', { confidence: 0.9 }),
  judged(labelled('span', 'Ralph Freeman'), 'Freeman designed', { confidence: 0.8 }),
  judged(labelled('none'), 'bridge', { confidence: 0.7 }),
  judged(labelled('withheld', '1932'), '1932', { given: false, margin: -1, confidence: 0.2 }),
];

const render = (questions: readonly EvaluatedQuestion[], name = 'questions.json'): string =>
  renderReport({
    name,
    questions,
    summary: summarizeRun(questions, { latency: { unit: 'ms', p50: 10, p95: 20, questions: 4 } }),
  });

/** Every tag with its attributes. Fails unless the page is nothing but tags that close each other and escaped text. */
function tagsOf(page: string): { name: string; attributes: string }[] {
  const [doctype = '', ...lines] = page.split('\n');
  expect(doctype).toBe('<!doctype html>');
  const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*(\/?)>/g;
  const body = lines.join('\n');
  expect(body.replaceAll(tag, '')).not.toMatch(/[<>]/);
  const open: string[] = [];
  const tags: { name: string; attributes: string }[] = [];
  for (const [, closing, name = '', attributes = '', selfClosing] of body.matchAll(tag)) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else {
      tags.push({ name, attributes: attributes.trim() });
      if (selfClosing !== '/' && !['meta', 'input'].includes(name)) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return tags;
}

describe('the html template', () => {
  it('escapes what is put into it, and nothing twice', () => {
    expect(html`<p title="${'"\'<'}">${[html`<b>${'a & b'}</b>`, 1, null, undefined, '>']}</p>`.source).toBe(
      '<p title="&#34;&#39;&#60;"><b>a &#38; b</b>1&#62;</p>',
    );
  });
});

describe('the report', () => {
  it('is one page that fetches nothing and runs nothing', () => {
    const page = render(QUESTIONS);
    const names = new Set(tagsOf(page).map(({ name }) => name));
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'a', 'base', 'form'])
      expect(names).not.toContain(name);
    for (const { attributes } of tagsOf(page)) expect(attributes).not.toMatch(/\b(?:src|href|style|on\w+)=/);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('shows four plots, each with a title, a description and its numbers as a table', () => {
    const page = render(QUESTIONS);
    const tags = tagsOf(page);
    const drawings = tags.filter(
      ({ name, attributes }) => name === 'svg' && attributes.includes('role="img"'),
    );
    expect(drawings.length).toBe(4);
    for (const { attributes } of drawings) {
      for (const id of (/aria-labelledby="([^"]*)"/.exec(attributes)?.[1] ?? '').split(' '))
        expect(page).toContain(` id="${id}">`);
    }
    expect(tags.filter(({ name }) => name === 'figure').length).toBe(4);
    expect(tags.filter(({ name }) => name === 'details').length).toBe(4);
    // Three of four are answered, one of them rightly.
    expect(page).toContain('this run answers 75%, of which 67% are wrong');
    const ids = tags.flatMap(({ attributes }) => /\bid="([^"]*)"/.exec(attributes)?.[1] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves out the plot of retrieval where nothing was retrieved', () => {
    const page = render(QUESTIONS.map((question) => ({ ...question, retrieval: null })));
    expect(tagsOf(page).filter(({ name }) => name === 'figure').length).toBe(3);
    expect(page).toContain('each read with its own paragraph');
  });

  it('plots the limit that decided: threshold, least confidence or least answerability', () => {
    expect(render(QUESTIONS)).toContain('<h3>Threshold</h3>');
    const fused = QUESTIONS.map((question) => ({ ...question, minConfidence: 0.4 }));
    expect(render(fused)).toContain('<h3>Least confidence</h3>');
    expect(render(fused)).toContain('least confidence 40%');
    const weighed = fused.map((question) => ({ ...question, minAnswerability: 0.5, answerability: 0.7 }));
    expect(render(weighed)).toContain('<h3>Least answerability</h3>');
    expect(render(weighed)).toContain('least answerability 50%');
  });

  it('shows each wrong answer in its passage, by kind, the surest first', () => {
    const page = render(QUESTIONS);
    expect([...page.matchAll(/class="error ([a-z-]+)"/g)].map(([, kind]) => kind)).toEqual([
      'wrong-span',
      'unanswerable',
      'withheld',
    ]);
    // "Ralph Freeman" against "Freeman designed": they overlap in "Freeman".
    expect(page).toContain(
      '<mark class="gold">Ralph </mark><mark class="gold predicted">Freeman</mark><mark class="predicted"> designed</mark>',
    );
    expect(page).toMatch(/<dt>Withheld<\/dt>\s*<dd>1932<\/dd>/);
    expect(page).not.toContain('Question right?');
  });

  it('shows the 70 of a kind that the reader was surest of, and counts all', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      judged(labelled(`q${i}`), 'bridge', { confidence: i / 100 }),
    );
    const page = render(many);
    expect([...page.matchAll(/class="error /g)].length).toBe(70);
    expect(page).toContain('70 of 100 are shown');
    expect([page.includes('Question q30?'), page.includes('Question q29?')]).toEqual([true, false]);
  });

  it('shows text as text, whatever stands in a document, a question or a name', () => {
    const hostile = '<script>alert("1932")</script><img src=x onerror=alert(1)> & </p></mark>"\'';
    const label = {
      id: hostile,
      question: hostile,
      title: hostile,
      paragraph: 0,
      answers: [{ text: hostile.slice(8, 20), start: 8, end: 20 }],
    };
    const found = [{ ...retrieved(hostile, hostile, 1), title: hostile, headings: [hostile] }];
    const result = resultOf(found, '1932');
    const questions = [undefined, { documentId: hostile, start: 0 }].map((known) =>
      judgeResult({ label, paragraph: hostile, result, retrieved: found, place: known }),
    );
    const page = render(questions, hostile);
    expect(tagsOf(page).map(({ name }) => name)).not.toContain('script');
    expect(tagsOf(page).map(({ name }) => name)).not.toContain('img');
    expect(page).toContain('<title>Evaluation of &#60;script&#62;alert(&#34;1932');
  });

  it('can be made of nothing, of one question and of questions without candidates', () => {
    expect(render([])).toContain('No question was answered.');
    tagsOf(render([]));
    tagsOf(render(QUESTIONS.slice(0, 1)));
    const empty = judgeResult({
      label: labelled('q', '1932'),
      paragraph: PARAGRAPH,
      result: resultOf([], ''),
      retrieved: [],
      place,
    });
    const page = render([empty]);
    tagsOf(page);
    expect(page).toContain('gold passage not among the first 10');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});

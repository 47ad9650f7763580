import { describe, expect, it } from 'vitest';
import type { AnswerResult } from '../../src/pipeline/index.js';
import type { RetrievedPassage } from '../../src/core/passage.js';
import { VerbatimError } from '../../src/core/errors.js';
import { connect, connectTo, ERAS, mcpContext, textOf } from './support/connect.js';
import { httpEndpoint } from '../../src/mcp/index.js';
import { lampDocuments } from '../server/support/documents.js';
import { serverDeps } from '../server/support/serve.js';

const QUESTION = 'For how many days are returns free?';

describe.each(ERAS)('tools, to a client of %s', (era) => {
  it('are three that only read, with schemas of objects', async () => {
    const client = await connect({}, era);
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    expect(client.getServerVersion()).toMatchObject({ name: 'verbatim', version: '1.2.3' });
    expect(client.getInstructions()).toContain('quote what it gives');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['answer', 'search', 'read_document']);
    for (const { inputSchema, outputSchema, annotations, description } of tools) {
      expect([inputSchema.type, outputSchema?.['type']]).toEqual(['object', 'object']);
      expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(description).toMatch(/\.$/);
      // A model is told all of it with every question.
      expect(JSON.stringify(inputSchema).length).toBeLessThan(1500);
    }
  });

  it('answer with what the library gives, and as text with its source', async () => {
    const { verbatim, knowledgeBase } = await serverDeps();
    const client = await connect({ deps: Promise.resolve({ verbatim, documents: knowledgeBase }) }, era);
    const result = await client.callTool({ name: 'answer', arguments: { question: QUESTION } });
    const expected = await verbatim.ask(QUESTION);
    expect(result.structuredContent).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(result.structuredContent).toMatchObject({ kind: 'answer', answer: '30 days' });
    expect(textOf(result)).toMatch(
      /^“30 days” \(confidence 0\.92, guides\/returns\.md\)\n\n> Returns are free for 30 days\.\nSource: Returns \(guides\/returns\.md, line \d+, offsets \d+–\d+\)\nhttps:\/\/lamps\.example\/guides\/returns\.md#/,
    );
    const quoted = result.structuredContent as {
      citations: { documentId: string; start: number; end: number; quote: string }[];
    };
    const [citation] = quoted.citations;
    const read = await client.callTool({
      name: 'read_document',
      arguments: { id: citation?.documentId, start: citation?.start, end: citation?.end },
    });
    expect(read.structuredContent).toMatchObject({ text: citation?.quote });
  });

  it('say that there is no answer, and why', async () => {
    const client = await connect({}, era);
    const strict = await client.callTool({
      name: 'answer',
      arguments: { question: QUESTION, threshold: -100 },
    });
    expect(strict.isError).not.toBe(true);
    expect(strict.structuredContent).toMatchObject({ kind: 'no-answer', reason: 'no-support' });
    expect(textOf(strict)).toMatch(
      /^No answer: none of the \d passages read supports one\.\n\nClosest, but rejected: “30 days”/,
    );
    const nothing = await client.callTool({ name: 'answer', arguments: { question: 'zyzzyva?' } });
    expect(nothing.structuredContent).toMatchObject({
      kind: 'no-answer',
      reason: 'no-passages',
      bestRejected: null,
    });
    expect(textOf(nothing)).toBe('No answer: nothing in the documents shares a word with the question.');
  });

  it('search without reading, as many passages as are asked for, of the documents that are', async () => {
    const client = await connect({}, era);
    const search = async (args: object): Promise<RetrievedPassage[]> => {
      const result = await client.callTool({
        name: 'search',
        arguments: { question: 'lamp warranty', ...args },
      });
      return (result.structuredContent as { passages: RetrievedPassage[] }).passages;
    };
    expect((await search({})).length).toBeGreaterThan(1);
    const [first, ...others] = await search({ topK: 1 });
    expect([first?.documentId, others]).toEqual(['guides/warranty.md', []]);
    const filtered = await search({ filter: { path: 'colours.md' } });
    expect(filtered.map(({ documentId }) => documentId)).toEqual(['colours.md']);
    expect(await search({ filter: { tags: ['orders'], from: '2026-01-01' } })).toEqual([]);
    const text = textOf(
      await client.callTool({ name: 'search', arguments: { question: 'lamp warranty', topK: 1 } }),
    );
    expect(text).toMatch(
      /^1\. Warranty › How long is the warranty\? \(guides\/warranty\.md, line \d+, offsets \d+–\d+\)\nThe warranty/,
    );
  });

  it('refuse wrong arguments, saying which', async () => {
    const client = await connect({}, era);
    const refused: readonly [string, Record<string, unknown>, RegExp][] = [
      [
        'answer',
        { question: ' ' },
        /^\[empty-question\] Expected a question with at least one word, got " "\.$/,
      ],
      ['search', { question: '' }, /^\[empty-question\]/],
      ['answer', {}, /question: .*expected string/],
      ['answer', { question: 7 }, /question: .*expected string/],
      ['answer', { question: 'x'.repeat(2001) }, /question: .*2000/],
      ['answer', { question: 'a?', topK: 0 }, /topK: /],
      ['answer', { question: 'a?', topK: 101 }, /topK: .*100/],
      ['answer', { question: 'a?', threshold: 'low' }, /threshold: .*expected number/],
      [
        'answer',
        { question: 'a?', filter: { from: 'yesterday' } },
        /filter\.from: expected an ISO 8601 date such as 2026-11-21/,
      ],
      [
        'answer',
        { question: 'a?', filter: { path: '**/a*/b*/c*' } },
        /filter\.path: expected a glob with at most three stars/,
      ],
      ['answer', { question: 'a?', temperature: 1 }, /"temperature"/],
      ['read_document', { id: 'missing.md' }, /^\[document-not-found\] There is no document "missing\.md"/],
      ['read_document', { id: 'guides/../../etc/passwd' }, /^\[document-not-found\]/],
      [
        'read_document',
        { id: 'colours.md', start: 1000 },
        /^\[invalid-option\] Expected start to be a whole number from 0 to 53, got 1000\.$/,
      ],
      [
        'read_document',
        { id: 'colours.md', start: 10, end: 9 },
        /^\[invalid-option\] Expected end to be a whole number from 10 to 53, got 9\.$/,
      ],
      [
        'read_document',
        { id: 'colours.md', end: 54 },
        /^\[invalid-option\] Expected end to be a whole number from 0 to 53, got 54\.$/,
      ],
      ['read_document', { id: 'colours.md', start: -1 }, /start: /],
      ['read_document', { id: 'colours.md', start: 0.5 }, /start: /],
    ];
    for (const [name, args, message] of refused) {
      const result = await client.callTool({ name, arguments: args });
      expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(message)]);
    }
  });

  it('that there are not are a fault of the protocol', async () => {
    const client = await connect({}, era);
    await expect(client.callTool({ name: 'delete', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('delete') as string,
    });
  });
});

describe('read_document', () => {
  it('gives a long text in parts that fit together and never cut a character', async () => {
    // 6 units before; so one of the bounds at multiples of 20,000 would fall into an emoji.
    const text = `start ${'a😀b'.repeat(12_000)}`;
    const [document] = lampDocuments();
    if (document === undefined) throw new Error('no document');
    const client = await connect({
      documents: [
        {
          ...document,
          id: 'long',
          text,
          blocks: [{ kind: 'paragraph', headings: [], start: 0, end: text.length }],
          anchors: [],
        },
      ],
    });
    let read = '';
    let parts = 0;
    while (read.length < text.length) {
      const result = await client.callTool({
        name: 'read_document',
        arguments: { id: 'long', start: read.length },
      });
      const part = result.structuredContent as { text: string; start: number; end: number; length: number };
      expect(part).toMatchObject({
        start: read.length,
        length: text.length,
        text: text.slice(part.start, part.end),
      });
      expect(part.text).not.toMatch(/\p{Surrogate}/u);
      read += part.text;
      parts++;
      const goesOn = textOf(result).endsWith(`[Goes on at offset ${part.end} of ${text.length}.]`);
      expect(goesOn).toBe(part.end < text.length);
    }
    expect([read === text, parts]).toEqual([true, 3]);
  });

  it('refuses a bound in the middle of a character', async () => {
    const client = await connect();
    const { text } = lampDocuments().find(({ id }) => id === 'colours.md') ?? { text: '' };
    const middle = text.indexOf('😀') + 1;
    for (const bounds of [{ start: middle }, { end: middle }]) {
      const result = await client.callTool({
        name: 'read_document',
        arguments: { id: 'colours.md', ...bounds },
      });
      expect(textOf(result)).toMatch(
        /^\[invalid-option\] Expected (start|end) to be the offset of a character, got \d+, which is in the middle of one\.$/,
      );
    }
    const whole = await client.callTool({
      name: 'read_document',
      arguments: { id: 'colours.md', start: middle - 1, end: middle + 1 },
    });
    expect(whole.structuredContent).toMatchObject({
      text: '😀',
      uri: 'https://lamps.example/colours.md',
      title: 'Colours',
    });
  });

  it('gives nothing at the very end', async () => {
    const client = await connect();
    const result = await client.callTool({
      name: 'read_document',
      arguments: { id: 'colours.md', start: 53 },
    });
    expect(result.structuredContent).toMatchObject({ start: 53, end: 53, length: 53, text: '' });
  });
});

describe('the settings of the server', () => {
  it('hold where a call says nothing, and a threshold in a call stands above both kinds of limit', async () => {
    const ask = async (defaults: object, args: object): Promise<AnswerResult> => {
      const client = await connect({ defaults });
      const result = await client.callTool({
        name: 'answer',
        arguments: { question: 'How many days does the lamp take?', ...args },
      });
      return result.structuredContent as AnswerResult;
    };
    expect(await ask({ topK: 1 }, {})).toMatchObject({ passagesRead: 1 });
    expect((await ask({ topK: 1 }, { topK: 3 })).passagesRead).toBeGreaterThan(1);
    expect(await ask({ threshold: -100 }, {})).toMatchObject({ kind: 'no-answer', threshold: -100 });
    expect(await ask({ threshold: -100 }, { threshold: 5 })).toMatchObject({ kind: 'answer', threshold: 5 });
    expect(await ask({ minConfidence: 0.99 }, { threshold: 5 })).toMatchObject({
      kind: 'answer',
      threshold: 5,
    });
  });
});

describe('a fault of the server', () => {
  it('is told in its log, and to the client only by its code', async () => {
    const { verbatim } = await serverDeps();
    const failures = [
      new VerbatimError('index-damaged', 'The index in "/srv/secret" is damaged.'),
      new Error('ENOENT /srv/secret'),
    ];
    const context = await mcpContext({
      deps: Promise.resolve({
        verbatim,
        documents: {
          get: async () => Promise.reject(failures.shift() ?? new Error()),
          list: async () => ({ documents: [] }),
        },
      }),
    });
    const client = await connectTo(httpEndpoint(context).fetch);
    for (const code of ['index-damaged', 'internal-error']) {
      const result = await client.callTool({ name: 'read_document', arguments: { id: 'a' } });
      expect([result.isError, textOf(result)]).toEqual([
        true,
        `[${code}] The call failed on the server; its log says why.`,
      ]);
    }
    expect(context.faults.map(({ message }) => message)).toEqual([
      'The index in "/srv/secret" is damaged.',
      'ENOENT /srv/secret',
    ]);
  });
});

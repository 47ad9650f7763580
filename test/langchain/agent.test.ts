import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { ScriptedChatModel, type Reply } from '../../examples/langchain-agent/scripted-chat-model.js';
import { createAnswerTool } from '../../src/langchain/index.js';
import type { AnswerResult, Verbatim } from '../../src/pipeline/index.js';
import { ANSWERABLE, UNANSWERABLE, useHelpCentre } from './help-centre.js';

const helpCentre = useHelpCentre();

const calls =
  (...questions: readonly string[]): Reply =>
  () =>
    new AIMessage({
      content: '',
      tool_calls: questions.map((question, i) => ({
        type: 'tool_call',
        id: `call_${i}`,
        name: 'answer_from_documents',
        args: { question },
      })),
    });
const echoes: Reply = (messages) => new AIMessage(messages.at(-1)?.text ?? '');

/** What the tool told the model, call by call. */
async function told(
  script: readonly Reply[],
  ask: Pick<Verbatim, 'ask'> = helpCentre().qa,
  signal?: AbortSignal,
): Promise<ToolMessage[]> {
  const agent = createAgent({ model: new ScriptedChatModel(script), tools: [createAnswerTool(ask)] });
  const { messages } = await agent.invoke(
    { messages: [{ role: 'user', content: 'Help me.' }] },
    signal === undefined ? {} : { signal },
  );
  return (messages as BaseMessage[]).filter((message) => ToolMessage.isInstance(message));
}

describe('an agent with the answer tool', () => {
  it('is told the answer with its source, and keeps the result beside it', async () => {
    const [message] = await told([calls(ANSWERABLE), echoes]);
    expect(message?.text).toContain('Answer, word for word: "two years"');
    const result = message?.artifact as AnswerResult;
    expect(result).toMatchObject({ kind: 'answer', citations: [{ quote: 'two years', line: 11 }] });
  });

  it('is told that there is no answer, and not to make one up', async () => {
    const [message] = await told([calls(UNANSWERABLE), echoes]);
    expect(message?.text).toMatch(/^No answer: .*\n.*Do not answer from memory/);
    expect(message?.status).toBe('success');
  });

  it('may ask several questions at once', async () => {
    const messages = await told([calls(ANSWERABLE, UNANSWERABLE), echoes]);
    expect(messages.map(({ artifact }) => (artifact as AnswerResult).kind)).toEqual(['answer', 'no-answer']);
  });

  it('is told of an empty question and of one that is too long, and goes on', async () => {
    const messages = await told([calls(''), calls('word '.repeat(100)), calls(ANSWERABLE), echoes]);
    expect(messages.map(({ status }) => status)).toEqual(['error', 'error', 'success']);
    expect(messages[0]?.text).toContain('did not match expected schema');
    expect(messages[1]?.text).toContain('Expected a question of at most 64 tokens');
    expect(messages[2]?.text).toContain('two years');
  });

  it('hands its signal to the question that is being answered', async () => {
    const controller = new AbortController();
    let heard: AbortSignal | undefined;
    const ask: Verbatim['ask'] = async (_, options) => {
      heard = options?.signal;
      controller.abort(new Error('enough'));
      options?.signal?.throwIfAborted();
      throw new Error('unreachable');
    };
    await expect(told([calls('hub?'), echoes], { ask }, controller.signal)).rejects.toThrow();
    expect(heard?.aborted).toBe(true);
  });

  it('streams the tool’s events', async () => {
    const agent = createAgent({
      model: new ScriptedChatModel([calls(ANSWERABLE), echoes]),
      tools: [createAnswerTool(helpCentre().qa)],
    });
    const seen: string[] = [];
    const events = agent.streamEvents(
      { messages: [{ role: 'user', content: 'Help me.' }] },
      { version: 'v2' },
    );
    for await (const { event, name } of events)
      if (event.startsWith('on_tool')) seen.push(`${event} ${name}`);
    expect(seen).toEqual(['on_tool_start answer_from_documents', 'on_tool_end answer_from_documents']);
  });
});

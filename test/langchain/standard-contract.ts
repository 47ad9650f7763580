import { ToolMessage } from '@langchain/core/messages';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import type { BaseRetriever } from '@langchain/core/retrievers';
import type { RunnableConfig } from '@langchain/core/runnables';
import type { StructuredToolInterface } from '@langchain/core/tools';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { toJsonSchema } from '@langchain/core/utils/json_schema';
import { describe, expect, it } from 'vitest';

/**
 * What LangChain's package of standard tests checks of every integration's retriever and tool, written anew: it is not to be had from
 * the registry. Python's `k` of a call is JavaScript's `config.k`.
 */
export function describeLangChainRetriever(
  name: string,
  make: (options: { k?: number }) => BaseRetriever,
  question: string,
): void {
  const ask = (
    retriever: BaseRetriever,
    config?: RunnableConfig & { k?: number },
  ): Promise<DocumentInterface[]> => retriever.invoke(question, config);

  describe(`LangChain's contract of a retriever: ${name}`, () => {
    it.each([1, 3])('gives k documents as it was constructed to: %i', async (k) => {
      expect(await ask(make({ k }))).toHaveLength(k);
    });

    it.each([1, 3])('gives k documents as one call asks for: %i', async (k) => {
      expect(await ask(make({}), { k })).toHaveLength(k);
    });

    it('takes a question as text and gives documents', async () => {
      const documents = await ask(make({}));
      expect(documents.length).toBeGreaterThan(0);
      for (const document of documents) {
        expect(document).toBeInstanceOf(Document);
        expect(document.pageContent).not.toBe('');
        expect(typeof document.metadata).toBe('object');
      }
    });

    it('gives the same for several at once and as a stream', async () => {
      const retriever = make({});
      const alone = await ask(retriever);
      expect(await retriever.batch([question, question])).toEqual([alone, alone]);
      const chunks = [];
      for await (const chunk of await retriever.stream(question)) chunks.push(chunk);
      expect(chunks).toEqual([alone]);
    });

    it('ends a call whose signal is aborted', async () => {
      const aborted = AbortSignal.abort(new Error('enough'));
      await expect(ask(make({}), { signal: aborted })).rejects.toThrow('enough');
    });
  });
}

export function describeLangChainTool(
  name: string,
  make: () => StructuredToolInterface,
  args: Readonly<Record<string, unknown>>,
): void {
  const call = { type: 'tool_call' as const, id: 'call_1', args };

  describe(`LangChain's contract of a tool: ${name}`, () => {
    it('has a name that providers accept, and a description', () => {
      const tool = make();
      expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(tool.description.length).toBeGreaterThan(0);
    });

    it('has a schema of its input that its arguments fit and that providers are told', () => {
      const tool = make();
      const schema = toJsonSchema(tool.schema) as { type?: string; properties?: Record<string, unknown> };
      expect(schema.type).toBe('object');
      expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(args)));
      const told = convertToOpenAITool(tool);
      expect(told.function.name).toBe(tool.name);
      expect(told.function.parameters).toMatchObject({ type: 'object' });
    });

    it('answers a tool call with a tool message of its id', async () => {
      const tool = make();
      const message = (await tool.invoke({ ...call, name: tool.name })) as ToolMessage;
      expect(message).toBeInstanceOf(ToolMessage);
      expect(message).toMatchObject({ tool_call_id: 'call_1', name: tool.name });
      expect(typeof message.content).toBe('string');
    });

    it('can be called without a tool call, and then gives its content', async () => {
      expect(typeof (await make().invoke(args))).toBe('string');
    });

    it('refuses arguments that do not fit the schema', async () => {
      const tool = make();
      const [key = ''] = Object.keys(args);
      await expect(tool.invoke({})).rejects.toThrow('did not match expected schema');
      await expect(tool.invoke({ [key]: 7 })).rejects.toThrow('did not match expected schema');
      await expect(
        tool.invoke({ type: 'tool_call', id: 'call_1', name: tool.name, args: {} }),
      ).rejects.toThrow('did not match expected schema');
    });

    it('ends a call whose signal is aborted', async () => {
      const controller = new AbortController();
      const answer = make().invoke(args, { signal: controller.signal });
      controller.abort(new Error('enough'));
      await expect(answer).rejects.toThrow('enough');
    });
  });
}

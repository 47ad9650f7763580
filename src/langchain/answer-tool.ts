import type { BaseRetrieverInterface } from '@langchain/core/retrievers';
import {
  tool,
  type DynamicStructuredTool,
  type ToolParams,
  type ToolRunnableConfig,
} from '@langchain/core/tools';
import type { VectorStoreInterface } from '@langchain/core/vectorstores';
import { z } from 'zod';
import type { Answerer, AnswerResult, AskOptions, Verbatim } from '../pipeline/index.js';
import { answerForModel } from './answer-for-model.js';
import { fromLangChainRetriever } from './from-langchain-retriever.js';
import { withRunConfig } from './run-config.js';

/** What answers: a whole pipeline, or an answerer with any retriever or vector store of LangChain before it. */
export type AnswerSource =
  | Pick<Verbatim, 'ask'>
  | {
      readonly answerer: Pick<Answerer, 'answerFromPassages'>;
      readonly retriever: BaseRetrieverInterface | VectorStoreInterface;
    };

export interface AnswerToolOptions
  extends
    Omit<AskOptions, 'signal' | 'onProgress' | 'inRounds'>,
    Pick<ToolParams, 'callbacks' | 'tags' | 'metadata' | 'verbose'> {
  /** What the model calls the tool. @defaultValue `'answer_from_documents'` */
  readonly name?: string;
  /** When the model should call it: say what your documents are about. @defaultValue that it answers questions from the documents */
  readonly description?: string;
}

const DESCRIPTION =
  'Answers a question from the documents: gives the exact words of a document and where they stand, or says that the documents hold ' +
  'no answer. Ask one question at a time, in full words.';

const SCHEMA = z.object({
  question: z.string().trim().min(1).describe('A question in natural language, with at least one word.'),
});

type Question = z.infer<typeof SCHEMA>;

/** The tool that {@link createAnswerTool} makes. */
type AnswerTool = DynamicStructuredTool<
  typeof SCHEMA,
  Question,
  Question,
  [content: string, artifact: AnswerResult]
>;

/**
 * A tool that answers from the documents. Its content tells the model the answer with its sources or, in words that leave nothing to make
 * up, that there is none; its artifact is the whole {@link AnswerResult}. The caller closes what it was made from.
 *
 * @example
 * const agent = createAgent({ model, tools: [createAnswerTool(await createVerbatim({ corpus: './docs' }))] });
 *
 * @returns a tool that rejects as `ask` does; a question without a word is refused by its schema, which agents relay to the model.
 */
export function createAnswerTool(source: AnswerSource, options: AnswerToolOptions = {}): AnswerTool {
  const {
    name = 'answer_from_documents',
    description = DESCRIPTION,
    callbacks,
    tags,
    metadata,
    verbose,
    ...asking
  } = options;
  const ask = 'ask' in source ? source.ask.bind(source) : askBehind(source);
  return tool(
    async ({ question }: Question, config: ToolRunnableConfig): Promise<[string, AnswerResult]> => {
      const { signal } = config;
      const result = await withRunConfig(config, () =>
        ask(question, { ...asking, ...(signal === undefined ? {} : { signal }) }),
      );
      return [answerForModel(result), result];
    },
    {
      name,
      description,
      schema: SCHEMA,
      responseFormat: 'content_and_artifact',
      ...(callbacks === undefined ? {} : { callbacks }),
      ...(tags === undefined ? {} : { tags }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(verbose === undefined ? {} : { verbose }),
    },
  );
}

function askBehind({ answerer, retriever }: Exclude<AnswerSource, Pick<Verbatim, 'ask'>>): Verbatim['ask'] {
  const passages = fromLangChainRetriever(retriever);
  return async (question, options = {}) =>
    answerer.answerFromPassages(question, await passages.retrieve(question, options), options);
}

/**
 * An agent of LangChain that answers from the help centre: it calls the answer tool, relays the answer with its citation, or says that there is
 * none; what it says is checked against the sources. The chat model is scripted; put a provider's in its place.
 *
 *     npx tsx examples/langchain-agent/main.ts
 */
import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { createAgent } from 'langchain';
import { createVerbatim, type AnswerResult } from 'verbatim-qa';
import { createAnswerTool, createDraftChecker } from 'verbatim-qa/langchain';
import { ScriptedChatModel } from './scripted-chat-model.js';

const QUESTIONS = ['How long is the warranty?', 'Who composed the opera about the thermostat?'];

await using qa = await createVerbatim({
  corpus: new URL('../../corpora/help-centre', import.meta.url).pathname,
});
const answerTool = createAnswerTool(qa, {
  description: 'Answers a question from the help centre of Lumen Home, or says that it holds no answer.',
});
const checker = createDraftChecker({ retriever: qa.retriever });
const agent = createAgent({
  model: new ScriptedChatModel(QUESTIONS.flatMap((question) => [() => callTool(question), relay])),
  tools: [answerTool],
  systemPrompt: 'Answer only from the help centre, in its words.',
});

for (const question of QUESTIONS) {
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content: question }] });
  const reply = messages.at(-1)?.text ?? '';
  console.log(`User:  ${question}\nAgent: ${reply}`);
  const result = artifactOf(messages);
  if (result.kind === 'answer') {
    const [citation] = result.citations;
    console.log(
      `Cites: ${citation?.documentId}:${citation?.line}, characters ${citation?.start} to ${citation?.end}`,
    );
    const { supported } = await checker.invoke(reply);
    console.log(`Check: every sentence is ${supported ? '' : 'not '}in the sources\n`);
  } else {
    console.log(`Cites: nothing (${result.reason}, ${result.passagesRead} passages read)`);
  }
}

/** The script's first line: the model decides to call the tool. */
function callTool(question: string): AIMessage {
  return new AIMessage({
    content: '',
    tool_calls: [{ type: 'tool_call', id: 'call_1', name: answerTool.name, args: { question } }],
  });
}

/** Its second: the model tells the user what the tool told it. */
function relay(messages: readonly BaseMessage[]): AIMessage {
  const told = messages.at(-1)?.text ?? '';
  if (told.startsWith('No answer')) return new AIMessage('The help centre does not answer this.');
  const sentence = /^ {2}"(.+)"$/m.exec(told)?.[1] ?? '';
  return new AIMessage(`${sentence} [1]`);
}

/** The whole result that came with the tool's words. */
function artifactOf(messages: readonly BaseMessage[]): AnswerResult {
  const message = messages.findLast((candidate) => ToolMessage.isInstance(candidate));
  return message?.artifact as AnswerResult;
}

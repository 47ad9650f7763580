import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel, type BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import type { AIMessage, BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';

/** What a scripted model says next, given what it is told. */
export type Reply = (messages: readonly BaseMessage[]) => AIMessage;

/** A chat model that says its lines one after the other. It stands where a model of a provider stands, and needs no network. */
export class ScriptedChatModel extends BaseChatModel {
  /** The messages of each call, in order. */
  readonly calls: (readonly BaseMessage[])[] = [];
  readonly #script: readonly Reply[];

  constructor(script: readonly Reply[]) {
    super({});
    this.#script = script;
  }

  override _llmType(): string {
    return 'scripted';
  }

  /** A provider's model would tell its service about the tools; the script knows them. */
  override bindTools(): this {
    return this;
  }

  override async _generate(
    messages: BaseMessage[],
    options: BaseChatModelCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const reply = this.#script[this.calls.length];
    if (reply === undefined)
      throw new RangeError(`The script has ${this.#script.length} lines and is at its end.`);
    this.calls.push([...messages]);
    const message = reply(messages);
    await runManager?.handleLLMNewToken(message.text);
    return { generations: [{ text: message.text, message }] };
  }
}

import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import type { Serialized } from '@langchain/core/load/serializable';

/** What a callback handler was told: the event, the run's name, and the name of the run that it is part of. */
export interface Recorded {
  readonly event: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Hears what every tracer hears. */
export class Recorder extends BaseCallbackHandler {
  override name = 'recorder';
  override awaitHandlers = true;
  readonly events: Recorded[] = [];
  readonly #names = new Map<string, string>();

  /** Events as `event name`. */
  get summary(): string[] {
    return this.events.map(({ event, name }) => `${event} ${name}`);
  }

  override handleChainStart(...args: Parameters<NonNullable<BaseCallbackHandler['handleChainStart']>>): void {
    const [chain, , runId, parentRunId, tags, metadata, , name] = args;
    this.#start('chain start', runId, parentRunId, name ?? nameOf(chain), tags, metadata);
  }

  override handleChainEnd(_: unknown, runId: string): void {
    this.#end('chain end', runId);
  }

  override handleToolStart(...args: Parameters<NonNullable<BaseCallbackHandler['handleToolStart']>>): void {
    const [tool, , runId, parentRunId, tags, metadata, name] = args;
    this.#start('tool start', runId, parentRunId, name ?? nameOf(tool), tags, metadata);
  }

  override handleToolEnd(_: unknown, runId: string): void {
    this.#end('tool end', runId);
  }

  override handleToolError(_: unknown, runId: string): void {
    this.#end('tool error', runId);
  }

  override handleRetrieverStart(
    ...args: Parameters<NonNullable<BaseCallbackHandler['handleRetrieverStart']>>
  ): void {
    const [retriever, , runId, parentRunId, tags, metadata, name] = args;
    this.#start('retriever start', runId, parentRunId, name ?? nameOf(retriever), tags, metadata);
  }

  override handleRetrieverEnd(_: unknown, runId: string): void {
    this.#end('retriever end', runId);
  }

  override handleRetrieverError(_: unknown, runId: string): void {
    this.#end('retriever error', runId);
  }

  #start(
    event: string,
    runId: string,
    parentRunId: string | undefined,
    name: string,
    tags: readonly string[] = [],
    metadata: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#names.set(runId, name);
    const parent = parentRunId === undefined ? undefined : this.#names.get(parentRunId);
    this.events.push({ event, name, parent, tags, metadata });
  }

  #end(event: string, runId: string): void {
    this.events.push({
      event,
      name: this.#names.get(runId) ?? '',
      parent: undefined,
      tags: [],
      metadata: {},
    });
  }
}

function nameOf({ id }: Serialized): string {
  return id.at(-1) ?? '';
}

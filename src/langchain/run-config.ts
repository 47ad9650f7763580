import { AsyncLocalStorage } from 'node:async_hooks';
import { ensureConfig, type RunnableConfig } from '@langchain/core/runnables';

/**
 * The config of the run that is going on. LangChain hands retrievers and compressors no signal, and this library's interfaces have no
 * place for callbacks: what is called inside finds both here.
 */
const running = new AsyncLocalStorage<RunnableConfig>();

export function withRunConfig<T>(config: RunnableConfig, action: () => Promise<T>): Promise<T> {
  // What runs inside is another run.
  const inside = { ...config };
  delete inside.runId;
  delete inside.runName;
  return running.run(inside, action);
}

/** The config given, else that of the run that is going on, else the framework's own idea of it. */
export function currentConfig(given?: RunnableConfig): RunnableConfig {
  return ensureConfig({ ...running.getStore(), ...given });
}

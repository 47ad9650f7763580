import type { EngineFactory } from './engine.js';

const factories = new Map<string, EngineFactory>();

/** Makes an engine known under the name that an `engine` attribute gives. */
export function registerEngine(name: string, factory: EngineFactory): void {
  factories.set(name, factory);
}

export function engineFactory(name: string): EngineFactory | undefined {
  return factories.get(name);
}

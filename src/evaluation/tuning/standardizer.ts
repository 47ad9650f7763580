import type { LinearModel } from '../../pipeline/index.js';

/** Brings inputs to mean 0 and deviation 1, so that one penalty is fair to all of them, and a fitted model back. */
export interface Standardizer<Name extends string> {
  /** 1 for the intercept, then the standardised inputs. */
  readonly row: (values: Readonly<Record<Name, number>>) => number[];
  /** The model for raw inputs whose parameters for standardised ones these are, the intercept first. */
  readonly model: (parameters: readonly number[]) => LinearModel<Name>;
}

export function standardizer<Name extends string>(
  names: readonly Name[],
  all: readonly Readonly<Record<Name, number>>[],
): Standardizer<Name> {
  const count = Math.max(1, all.length);
  const scales = names.map((name) => {
    const mean = all.reduce((sum, values) => sum + values[name], 0) / count;
    const variance = all.reduce((sum, values) => sum + (values[name] - mean) ** 2, 0) / count;
    // An input that never varies says nothing; dividing by 1 leaves its weight at 0.
    return { name, mean, deviation: variance > 1e-12 ? Math.sqrt(variance) : 1 };
  });
  return {
    row: (values) => [1, ...scales.map(({ name, mean, deviation }) => (values[name] - mean) / deviation)],
    model(parameters) {
      const weights = scales.map(({ deviation }, i) => (parameters[i + 1] ?? 0) / deviation);
      return {
        intercept: scales.reduce((sum, { mean }, i) => sum - (weights[i] ?? 0) * mean, parameters[0] ?? 0),
        weights: Object.fromEntries(scales.map(({ name }, i) => [name, weights[i] ?? 0])) as Record<
          Name,
          number
        >,
      };
    },
  };
}

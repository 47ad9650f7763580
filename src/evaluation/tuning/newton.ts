/** A convex function at one point. */
export interface Curve {
  readonly loss: number;
  readonly gradient: readonly number[];
  /** Second derivative, or a positive definite part of it. */
  readonly hessian: readonly (readonly number[])[];
}

/** What an L2 penalty adds. The first parameter is not penalised; a trace keeps the system solvable. */
export function ridge(
  parameters: readonly number[],
  strength: number,
): Curve & { gradient: number[]; hessian: number[][] } {
  const penalties = parameters.map((_, i) => (i === 0 ? 1e-9 : strength));
  const penalty = (i: number): number => penalties[i] ?? 0;
  return {
    loss: parameters.reduce((sum, value, i) => sum + (penalty(i) / 2) * value * value, 0),
    gradient: parameters.map((value, i) => penalty(i) * value),
    hessian: parameters.map((_, i) => parameters.map((__, j) => (i === j ? penalty(i) : 0))),
  };
}

const MAX_ITERATIONS = 200;

/** Newton's method from a start, with steps halved until the loss falls; it ends where none does any more. */
export function minimize(
  start: readonly number[],
  curveAt: (parameters: readonly number[]) => Curve,
): number[] {
  let parameters = [...start];
  let current = curveAt(parameters);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = solve(current.hessian, current.gradient);
    let factor = 1;
    let next = current;
    let moved = parameters;
    while (factor > 1e-8) {
      moved = parameters.map((value, i) => value - factor * (step[i] ?? 0));
      next = curveAt(moved);
      if (next.loss < current.loss) break;
      factor /= 2;
    }
    const gain = current.loss - next.loss;
    if (!(gain > 0)) break;
    parameters = moved;
    current = next;
    if (gain < 1e-10) break;
  }
  return parameters;
}

/** Solves a symmetric positive definite system (Cholesky). */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const lower: number[][] = [];
  matrix.forEach((line, i) => {
    const row: number[] = [];
    for (let j = 0; j < i; j++) {
      const other = lower[j] ?? [];
      row.push(((line[j] ?? 0) - dot(row, other)) / (other[j] ?? 1));
    }
    row.push(Math.sqrt(Math.max((line[i] ?? 0) - dot(row, row), 1e-12)));
    lower.push(row);
  });
  const solution: number[] = [];
  lower.forEach((row, i) => solution.push(((right[i] ?? 0) - dot(row, solution)) / (row[i] ?? 1)));
  for (let i = lower.length - 1; i >= 0; i--) {
    const known = lower
      .slice(i + 1)
      .reduce((sum, row, k) => sum + (row[i] ?? 0) * (solution[i + 1 + k] ?? 0), 0);
    solution[i] = ((solution[i] ?? 0) - known) / (lower[i]?.[i] ?? 1);
  }
  return solution;
}

/** Sum of products, as far as the shorter one reaches. */
function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

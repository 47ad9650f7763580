/**
 * The q-quantile with linear interpolation between neighbouring values, NumPy's default (type 7 of Hyndman and Fan 1996):
 * the value at position q · (n − 1) of the sorted ones.
 *
 * @param sorted - ascending, at least one.
 * @param q - 0 to 1.
 */
export function quantile(sorted: readonly number[], q: number): number {
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

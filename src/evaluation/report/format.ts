/** A share as a whole percentage. */
export const percent = (share: number): string => `${Math.round(100 * share)}%`;

/** Two decimals. */
export const decimal = (value: number): string => value.toFixed(2);

/** A number with the sign for minus that belongs to digits, and at most two decimals. */
export const signed = (value: number): string =>
  `${value < 0 ? '−' : ''}${String(Math.round(100 * Math.abs(value)) / 100)}`;

/** What JSON leaves as it is but a terminal acts on: DEL and C1 controls, line separators, reversals of direction. */
const UNSEEN = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A file's path as it stands in a message: whole, in quotation marks, with control characters escaped. */
export function quotePath(file: string): string {
  return JSON.stringify(file).replace(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

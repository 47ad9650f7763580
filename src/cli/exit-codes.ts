/** Exit codes of every command. */
export const EXIT = Object.freeze({ done: 0, failure: 1, usage: 2, noAnswer: 3, interrupted: 130 });

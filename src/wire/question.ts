import { z } from 'zod';

/** Characters of a question where nothing else is said. */
export const LONGEST_QUESTION = 2_000;

/** Passages that one question may have read or found where nothing else is said. */
export const MOST_PASSAGES = 100;

/** What the reader says of an empty question has a code of its own; that there must be a word is only told here. */
export const questionText = (maxCharacters: number): z.ZodString =>
  z.string().max(maxCharacters).meta({ pattern: '\\S' });

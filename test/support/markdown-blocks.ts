import { readFileSync } from 'node:fs';

/**
 * A fenced block of a page. What stands behind the language says what to do with it: `file=NAME` writes it to a file, `needs=WHAT` says
 * what of it cannot be had in a test, `server` starts it and lets it run until the page ends.
 */
export interface MarkdownBlock {
  readonly page: string;
  /** Line of the page on which it begins, from 1. */
  readonly line: number;
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): MarkdownBlock[] {
  const content = readFileSync(page, 'utf8');
  return Array.from(content.matchAll(/^```([a-z]*)([^\n]*)\n(.*?)^```$/gms), (match) => {
    const [, language = '', words = '', text = ''] = match;
    return {
      page,
      line: content.slice(0, match.index).split('\n').length,
      language,
      words: words.split(' ').filter(Boolean),
      text,
    };
  });
}

/** The value of a word such as `file=NAME`. */
export function valueOf({ words }: MarkdownBlock, name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** A command and what it prints. */
export interface Transcript {
  readonly command: string;
  readonly output: string;
}

/** The commands of a console block: each begins with `$ `; what follows is what it prints. */
export function transcriptsOf({ text }: MarkdownBlock): Transcript[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

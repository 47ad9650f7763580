import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** Answers a question from its passages with the best span's text, `""` for no answer. */
export type Answer = (question: string, passages: readonly string[]) => Promise<string>;

/** A loaded program, ready to be asked. */
export interface Peer {
  readonly answer: Answer;
  /** Library → version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Loads the program, answers the questions on stdin, and reports: see the protocol in this bench's README. */
export async function serve(load: () => Promise<Peer>): Promise<void> {
  try {
    const { answer, versions } = await load();
    for (const line of (await text(process.stdin)).split('\n').filter(Boolean)) {
      const { id, question, passages } = JSON.parse(line) as {
        id: string;
        question: string;
        passages: string[];
      };
      const began = performance.now();
      const answered = await answer(question, passages);
      const ms = performance.now() - began;
      console.log(JSON.stringify({ id, answer: answered, ms }));
    }
    console.log(JSON.stringify({ peakRssBytes: peakRssBytes(), versions }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

function peakRssBytes(): number {
  if (process.platform === 'linux') {
    // Unlike ru_maxrss, which begins with what the starting process held when it forked.
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (match?.[1] !== undefined) return Number(match[1]) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

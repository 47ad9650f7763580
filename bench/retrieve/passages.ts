import { createRandom } from '../../src/evaluation/random.js';
import { readSquadFile } from '../../src/ingest/index.js';
import { readParagraphs, type Paragraph } from '../squad-files.js';

export interface BenchQuestion {
  readonly question: string;
  /** Id of the passage that answers it. */
  readonly passage: string;
}

/** The answerable questions of a SQuAD file whose paragraph is among the paragraphs, and these, the questions' own first. */
export async function readBenchData(
  questionsFile: string,
  paragraphsFile: string,
): Promise<{ questions: BenchQuestion[]; paragraphs: Paragraph[] }> {
  const all = readParagraphs(paragraphsFile).map(({ id, title, text }) => ({
    id,
    title: title.replaceAll('_', ' '),
    text,
  }));
  const idOf = new Map(all.map(({ id, text }) => [text, id]));
  const set = await readSquadFile(questionsFile);
  const questions = set.questions.flatMap(({ question, answers, paragraph }) => {
    const passage = idOf.get(set.paragraphs[paragraph]?.text ?? '');
    return answers.length === 0 || passage === undefined ? [] : [{ question, passage }];
  });
  const asked = new Set(questions.map(({ passage }) => passage));
  const paragraphs = [...all.filter(({ id }) => asked.has(id)), ...all.filter(({ id }) => !asked.has(id))];
  return { questions, paragraphs };
}

/**
 * As many passages as wanted: the paragraphs, then made ones. A made passage takes an article at random, each as often as it has
 * paragraphs, and puts together as many sentences drawn from it as one of its paragraphs has: so every term stays as frequent, and
 * stands beside the terms that it stood beside, and each made passage is a hard wrong answer to its article's questions.
 */
export function* passages(paragraphs: readonly Paragraph[], count: number): Generator<Paragraph> {
  yield* paragraphs.slice(0, count);
  const random = createRandom(1);
  const sentencesOf = new Map<string, string[]>();
  const split = (text: string): string[] => text.split(/(?<=[.!?])\s+/);
  for (const { title, text } of paragraphs) {
    const sentences = sentencesOf.get(title);
    if (sentences === undefined) sentencesOf.set(title, split(text));
    else sentences.push(...split(text));
  }
  for (let i = paragraphs.length; i < count; i++) {
    const model = paragraphs[Math.floor(random() * paragraphs.length)];
    if (model === undefined) return;
    const sentences = sentencesOf.get(model.title) ?? [];
    const drawn = split(model.text).map(() => sentences[Math.floor(random() * sentences.length)]);
    yield { id: `made-${i}`, title: model.title, text: drawn.join(' ') };
  }
}

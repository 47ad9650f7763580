import { createHash } from 'node:crypto';
import type { SourceDocument } from '../../core/document.js';
import { CodePointOffsets } from '../../core/offsets.js';
import type { Span } from '../../core/span.js';
import { splitPassages } from '../../retriever/index.js';
import type { StoredCitation, StoredFeedback } from './feedback-store.js';

/** SQuAD 2.0 JSON; `answer_start` counts code points. */
export interface SquadFile {
  readonly version: 'v2.0';
  readonly data: readonly SquadArticle[];
}

interface SquadArticle {
  readonly title: string;
  readonly paragraphs: readonly { readonly context: string; readonly qas: readonly SquadQuestion[] }[];
}

interface SquadQuestion {
  readonly id: string;
  readonly question: string;
  readonly is_impossible: boolean;
  readonly answers: readonly { readonly text: string; readonly answer_start: number }[];
}

/** Why a verdict teaches nothing. */
export type LeftOutReason = 'no-citation' | 'text-changed' | 'correct-answer-not-found' | 'no-correct-answer';

export interface FeedbackExport {
  readonly squad: SquadFile;
  readonly answerable: number;
  readonly unanswerable: number;
  /** Verdicts that a later one on the same question and passage replaced. */
  readonly replaced: number;
  readonly leftOut: readonly { readonly answerId: string; readonly reason: LeftOutReason }[];
}

/** The text around a citation: the passage of its document or, without the document, its sentence. */
interface Paragraph {
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  /** Offset of the text into the document. */
  readonly start: number;
}

interface Label {
  readonly question: string;
  readonly paragraph: Paragraph;
  /** UTF-16 span of the paragraph's text; undefined: it does not answer the question. */
  readonly answer: Span | undefined;
}

/**
 * Turns verdicts into labelled questions. Right: the answer, where it was cited. Wrong, with the correct answer: that one, where it
 * stands in a cited passage. Wrong without, or rightly no answer: the best cited passage does not answer the question. Of several
 * verdicts on one question and passage the last counts.
 *
 * @param documentOf - the document with an id, if it is still known.
 */
export async function exportFeedback(
  feedback: readonly StoredFeedback[],
  documentOf: (id: string) => Promise<SourceDocument | undefined>,
): Promise<FeedbackExport> {
  const labels = new Map<string, Label>();
  const leftOut: { answerId: string; reason: LeftOutReason }[] = [];
  for (const verdict of feedback) {
    const label = await labelOf(verdict, documentOf);
    if (typeof label === 'string') {
      leftOut.push({ answerId: verdict.answerId, reason: label });
    } else {
      labels.set(idOf(label), label);
    }
  }
  const answerable = Array.from(labels.values()).filter(({ answer }) => answer !== undefined).length;
  return {
    squad: squadOf(labels),
    answerable,
    unanswerable: labels.size - answerable,
    replaced: feedback.length - leftOut.length - labels.size,
    leftOut,
  };
}

async function labelOf(
  { verdict, correctAnswer = '', question, result }: StoredFeedback,
  documentOf: (id: string) => Promise<SourceDocument | undefined>,
): Promise<Label | LeftOutReason> {
  const cited = result.kind === 'answer' ? result.citations : (result.bestRejected?.citations ?? []);
  const [best] = cited;
  if (best === undefined) return 'no-citation';
  if (verdict === 'wrong' && correctAnswer.trim() !== '') {
    const others = result.kind === 'answer' ? result.alternatives.flatMap(({ citations }) => citations) : [];
    for (const citation of [...cited, ...others]) {
      const paragraph = await paragraphOf(citation, documentOf);
      const answer = findWhole(paragraph.text, correctAnswer);
      if (answer !== undefined) return { question, paragraph, answer };
    }
    return 'correct-answer-not-found';
  }
  if (verdict === 'wrong' && result.kind === 'no-answer') return 'no-correct-answer';
  const paragraph = await paragraphOf(best, documentOf);
  if (verdict === 'wrong' || result.kind === 'no-answer') return { question, paragraph, answer: undefined };
  const answer = { start: best.start - paragraph.start, end: best.end - paragraph.start };
  return paragraph.text.slice(answer.start, answer.end) === best.quote
    ? { question, paragraph, answer }
    : 'text-changed';
}

async function paragraphOf(
  { documentId, title, start, end, quote, sentence }: StoredCitation,
  documentOf: (id: string) => Promise<SourceDocument | undefined>,
): Promise<Paragraph> {
  const document = await documentOf(documentId);
  if (document?.text.slice(start, end) === quote) {
    // Passages overlap: the one with the most text on both sides of the quote.
    const room = (passage: Span): number => Math.min(start - passage.start, passage.end - end);
    const [passage] = splitPassages(document)
      .filter((candidate) => room(candidate) >= 0)
      .sort((a, b) => room(b) - room(a));
    if (passage !== undefined) return { documentId, title, text: passage.text, start: passage.start };
  }
  return { documentId, title, text: sentence.text, start: sentence.start };
}

/** Where words stand in a text, not as a part of other words; letter case and kinds of white space do not count. */
function findWhole(text: string, words: string): Span | undefined {
  const pattern = words
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('\\s+');
  const match = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${pattern}(?![\\p{L}\\p{M}\\p{N}])`, 'iu').exec(text);
  return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
}

/** The same for the same question and passage, so that an export may be repeated. */
function idOf({ question, paragraph }: Label): string {
  const asked = question.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
  return createHash('sha256')
    .update(JSON.stringify([asked, paragraph.documentId, paragraph.text]))
    .digest('hex')
    .slice(0, 24);
}

/** One article a document: `verbatim tune` keeps the questions of an article together. */
function squadOf(labels: ReadonlyMap<string, Label>): SquadFile {
  const articles = new Map<string, { title: string; paragraphs: Map<string, SquadQuestion[]> }>();
  for (const [id, { question, paragraph, answer }] of labels) {
    const { documentId, title, text } = paragraph;
    const article = articles.get(documentId) ?? {
      title: title || documentId,
      paragraphs: new Map<string, SquadQuestion[]>(),
    };
    articles.set(documentId, article);
    const questions = article.paragraphs.get(text) ?? [];
    article.paragraphs.set(text, questions);
    const answers = answer === undefined ? [] : [squadAnswer(text, answer)];
    questions.push({ id, question, is_impossible: answer === undefined, answers });
  }
  return {
    version: 'v2.0',
    data: Array.from(articles.values(), ({ title, paragraphs }) => ({
      title,
      paragraphs: Array.from(paragraphs, ([context, qas]) => ({ context, qas })),
    })),
  };
}

function squadAnswer(text: string, { start, end }: Span): SquadQuestion['answers'][number] {
  return { text: text.slice(start, end), answer_start: new CodePointOffsets(text).toCodePoint(start) };
}

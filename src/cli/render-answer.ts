import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import type { Citation } from '../core/citation.js';
import type {
  Answer,
  AnswerResult,
  Candidate,
  FeatureContribution,
  NoAnswer,
  PassageDecision,
} from '../pipeline/index.js';
import { table } from './table.js';

export interface RenderOptions {
  /** Whether the terminal takes colours. */
  readonly color: boolean;
  /** Path of a document's file, where it is known. */
  readonly pathOf: (documentId: string) => string | undefined;
}

type Style = Parameters<typeof styleText>[0];

/** An answer as a person reads it on a terminal, ending with a line break. */
export function renderAnswer(result: AnswerResult, options: RenderOptions): string {
  const renderer = new Renderer(options);
  const lines = result.kind === 'answer' ? renderer.answer(result) : renderer.noAnswer(result);
  if (result.explanation !== undefined) lines.push('', ...renderer.explanation(result.explanation));
  const best = result.kind === 'answer' ? result : result.bestRejected;
  if (best?.features !== undefined) lines.push('', ...renderer.features(best));
  return lines.join('\n') + '\n';
}

class Renderer {
  readonly #options: RenderOptions;

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  answer(result: Answer): string[] {
    const [first, ...others] = result.citations;
    const lines = [
      `${this.#style(['bold', 'green'], printable(result.answer))}   ${this.#confidence(result)}`,
    ];
    if (result.conflicting) {
      lines.push(this.#style('yellow', 'The documents do not agree: see the other candidates.'));
    }
    if (first !== undefined) lines.push('', `  ${this.#sentence(first)}`, '', ...this.#source(first));
    for (const other of others) lines.push('', '  Also:', ...this.#source(other));
    if (result.alternatives.length > 0) lines.push('', this.#style('dim', 'Other candidates'));
    for (const other of result.alternatives) {
      const [place] = other.citations;
      lines.push(
        `  ${printable(other.answer)}   ${this.#confidence(other)}${place === undefined ? '' : `   ${this.#place(place)}`}`,
      );
    }
    return lines;
  }

  noAnswer(result: NoAnswer): string[] {
    const why =
      result.reason === 'no-passages'
        ? 'nothing in the documents shares a word with the question'
        : `none of the ${result.passagesRead} passages read supports one`;
    const lines = [`${this.#style(['bold', 'yellow'], 'No answer')}: ${why}.`];
    const rejected = result.bestRejected;
    const place = rejected?.citations[0];
    if (rejected !== null && place !== undefined) {
      lines.push(
        '',
        `${this.#style('dim', 'Closest, but rejected:')} ${printable(rejected.answer)}   ${this.#confidence(rejected)}`,
        `  ${this.#sentence(place)}`,
        ...this.#source(place),
      );
    }
    return lines;
  }

  explanation(decisions: readonly PassageDecision[]): string[] {
    const columns = ['rank', 'BM25', 'span', 'null', 'margin', 'kept', 'place', 'best span'];
    const rows = decisions.map((decision) => [
      String(decision.rank),
      decision.retrievalScore.toFixed(2),
      decision.score.toFixed(2),
      decision.nullScore.toFixed(2),
      decision.margin.toFixed(2),
      decision.kept ? 'yes' : 'no',
      this.#place({ ...decision.passage, ...decision.passage.anchors[0] }),
      shorten(printable(decision.bestSpan), 40),
    ]);
    return this.#table(columns, rows, [0, 1, 2, 3, 4]);
  }

  /** What the best candidate's score is made of, and what says whether it is given. */
  features({ answer, fusionScore, features, answerability, answerabilityFeatures }: Candidate): string[] {
    return [
      `${this.#style('dim', 'Score of')} ${printable(answer)}: ${(fusionScore ?? NaN).toFixed(3)}`,
      ...this.#contributions(features ?? []),
      '',
      `${this.#style('dim', 'Answerability:')} ${(answerability ?? NaN).toFixed(3)}`,
      ...this.#contributions(answerabilityFeatures ?? []),
    ];
  }

  #contributions(features: readonly FeatureContribution[]): string[] {
    const rows = features.map(({ feature, value, weight, contribution }) => [
      feature,
      value.toFixed(3),
      weight.toFixed(3),
      contribution.toFixed(3),
    ]);
    return this.#table(['feature', 'value', 'weight', 'adds'], rows, [1, 2, 3]);
  }

  #table(
    columns: readonly string[],
    rows: readonly (readonly string[])[],
    right: readonly number[],
  ): string[] {
    const [head = '', ...lines] = table([columns, ...rows], new Set(right))
      .trimEnd()
      .split('\n');
    return [this.#style('dim', head), ...lines];
  }

  #sentence({ quote, start, sentence }: Citation): string {
    const before = printable(sentence.text.slice(0, start - sentence.start));
    const after = printable(sentence.text.slice(start - sentence.start + quote.length));
    return before + this.#style(['bold', 'inverse'], printable(quote)) + after;
  }

  #source(citation: Citation): string[] {
    const headings = [...new Set([citation.title, ...citation.headings])].map(printable).join(' › ');
    const uri = citation.uri.startsWith('file:') ? [] : [`  ${printable(citation.uri)}`];
    return [`  ${headings}`, `  ${this.#style('cyan', this.#place(citation))}`, ...uri];
  }

  #place(place: Pick<Citation, 'documentId' | 'uri' | 'line' | 'page'>): string {
    const { line, page } = place;
    const at = line === undefined ? (page === undefined ? '' : `, page ${page}`) : `:${line}`;
    return printable(this.#path(place)) + at;
  }

  /** The file, seen from here, or where it is not known, the document's id. */
  #path({ documentId, uri }: Pick<Citation, 'documentId' | 'uri'>): string {
    const file = uri.startsWith('file:') ? fileURLToPath(uri) : this.#options.pathOf(documentId);
    return file === undefined ? documentId : path.relative('', file);
  }

  #confidence({ confidence }: Pick<Candidate, 'confidence'>): string {
    return this.#style('dim', `confidence ${Math.round(100 * confidence)}%`);
  }

  #style(style: Style, text: string): string {
    return this.#options.color ? styleText(style, text) : text;
  }
}

/** A document's text may hold anything; control and bidirectional signs must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

import type {
  AnswerProgress,
  AnswerResult,
  AskOptions,
  DecideOptions,
  SearchHit,
} from '../../pipeline/index.js';
import type { ServerDeps } from '../deps.js';
import { digest } from '../http/entity-tag.js';
import type { DocumentBody } from '../schemas/documents.js';
import { StageClock, type Metrics, type StageTimes } from '../metrics.js';
import { indexVersion } from './index-version.js';
import { passagesOf } from './passages-of-document.js';
import type { ReadingSlots } from './reading-slots.js';
import { RecentAnswers, type GivenAnswer } from './recent-answers.js';

/** What only concerns how a question is answered, not what with. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Wants to be told as soon as anything is known. */
  readonly onProgress?: (progress: AnswerProgress) => void;
  /** Told how long each stage took. It is no part of the result, which is the same however long it took. */
  readonly onTimes?: (times: StageTimes) => void;
}

/** Answers questions: from the cache, else by reading while there is a slot, and measures it. */
export class AnswerService {
  readonly #deps: ServerDeps;
  readonly #metrics: Metrics;
  readonly #slots: ReadingSlots;
  readonly #recent: RecentAnswers;

  constructor(deps: ServerDeps, metrics: Metrics, slots: ReadingSlots, cacheEntries: number) {
    this.#deps = deps;
    this.#metrics = metrics;
    this.#slots = slots;
    this.#recent = new RecentAnswers(cacheEntries);
  }

  /** The answer from the index, if it has been given and the index is what it was. */
  known(question: string, options: AskOptions): GivenAnswer | undefined {
    const request = this.#requestOf(question, options);
    const given = request === undefined ? undefined : this.#recent.find(request);
    this.#metrics.cacheLookup(given === undefined ? 'miss' : 'hit');
    return given;
  }

  /** Reads for one request. @throws HttpProblem `queue-full`. */
  async inSlot<T>(work: () => Promise<T>): Promise<T> {
    return this.#slots.run(work);
  }

  /** Answers from the index by reading. */
  async ask(question: string, options: AskOptions, watch: Watch): Promise<GivenAnswer> {
    // Seen before the search: what changes meanwhile must not be taken for what was read.
    const request = this.#requestOf(question, options);
    const result = await this.#measure(watch, (watched) =>
      this.#deps.verbatim.ask(question, { ...options, ...watched }),
    );
    return this.#given(question, result, request);
  }

  /** Answers from passages that the client brings; they are not the index's, so that the answer is only kept for feedback. */
  async read(
    question: string,
    hits: readonly SearchHit[],
    options: DecideOptions,
    watch: Watch,
  ): Promise<GivenAnswer> {
    return this.#given(question, await this.decide(question, hits, options, watch), undefined);
  }

  /** Answers from one document that the client brings, and forgets both: no feedback can be given on the answer, which quotes the document. */
  async readDocument(
    question: string,
    document: DocumentBody,
    options: DecideOptions & { readonly topK?: number },
    watch: Watch,
  ): Promise<GivenAnswer> {
    const result = await this.#measure(watch, async (watched) => {
      const passages = await passagesOf(document, question, { ...options, signal: watch.signal });
      watched.onProgress?.({ stage: 'retrieved', passages });
      return this.#deps.answerer.answerFromPassages(question, passages, { ...options, ...watched });
    });
    return givenAnswer(question, result);
  }

  /** The same without an id. */
  async decide(
    question: string,
    hits: readonly SearchHit[],
    options: DecideOptions,
    watch: Watch,
  ): Promise<AnswerResult> {
    return this.#measure(watch, (watched) =>
      this.#deps.answerer.answerFromHits(question, hits, { ...options, ...watched }),
    );
  }

  /** An answer that was given not long ago. */
  withId(answerId: string): GivenAnswer | undefined {
    return this.#recent.withId(answerId);
  }

  async #measure(
    { signal, onProgress, onTimes }: Watch,
    answer: (watched: Pick<DecideOptions, 'signal' | 'onProgress' | 'inRounds'>) => Promise<AnswerResult>,
  ): Promise<AnswerResult> {
    const clock = new StageClock(this.#metrics);
    const result = await answer({
      signal,
      inRounds: onProgress !== undefined,
      onProgress: (progress) => {
        clock.progress(progress);
        onProgress?.(progress);
      },
    });
    const times = clock.finish();
    onTimes?.(times);
    this.#metrics.result(result);
    return result;
  }

  #given(question: string, result: AnswerResult, request: string | undefined): GivenAnswer {
    const given = givenAnswer(question, result);
    this.#recent.keep(given, request);
    return given;
  }

  #requestOf(question: string, options: AskOptions): string | undefined {
    const version = indexVersion(this.#deps.verbatim.retriever);
    return version === undefined ? undefined : JSON.stringify([version, question, options]);
  }
}

function givenAnswer(question: string, result: AnswerResult): GivenAnswer {
  return { answerId: digest([question, result]), question, result };
}

import { access, constants } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { pathError } from '../../ingest/index.js';
import { createApp } from '../app.js';
import type { RequestLogger, ServerLimits } from '../deps.js';
import { requiredKeys } from './access.js';
import { FeedbackStore } from './feedback-store.js';
import { HttpServer } from './http-server.js';
import { openPipeline, type PipelineContext } from './open-pipeline.js';
import type { ServerSettings } from './settings.js';

/** What a server needs beside its settings. */
export interface ServerContext extends PipelineContext {
  readonly version: string;
  readonly logger: RequestLogger;
}

export interface RunningServer {
  readonly url: string;
  /** Stops accepting, lets running requests finish within `shutdownMs`, then frees the model and the index. */
  close(): Promise<void>;
}

/** Frees something that was opened. */
export type Release = () => Promise<void>;

/**
 * Starts a server. It listens at once, so that an address which is taken is told before minutes of indexing; until the model and the index
 * are loaded, which is when the promise is fulfilled, requests are answered 503.
 *
 * @throws VerbatimError `address-unavailable`, `path-not-found` for a report that there is not, and those of {@link requiredKeys}, `FeedbackStore.open` and {@link openPipeline}.
 */
export async function startServer(settings: ServerSettings, context: ServerContext): Promise<RunningServer> {
  const keys = await requiredKeys(settings);
  if (settings.report !== undefined) await requireFile(settings.report);
  let listener: RequestListener = refuseWhileLoading;
  const server = new HttpServer(settings, (request, response) => listener(request, response));
  const url = await server.listen(settings);
  const releases: Release[] = [];
  const close = async (): Promise<void> => {
    await server.close(settings.shutdownMs);
    // What was opened last uses what was opened before it.
    for (const release of releases.toReversed()) await release();
  };
  try {
    const feedback =
      settings.feedback === undefined ? undefined : await FeedbackStore.open(settings.feedback);
    if (feedback !== undefined) releases.push(() => feedback.close());
    const { verbatim, answerer, knowledgeBase, model } = await openPipeline(settings, context, releases);
    listener = createApp({
      verbatim,
      answerer,
      knowledgeBase,
      ...(keys === undefined ? {} : { keys }),
      ...(feedback === undefined ? {} : { feedback }),
      ...(settings.report === undefined ? {} : { report: settings.report }),
      ...(settings.cors === undefined ? {} : { cors: { origins: originsOf(settings.cors) } }),
      ...(settings.trustProxy === undefined ? {} : { trustProxy: settings.trustProxy }),
      limits: limitsOf(settings),
      logger: context.logger,
      logQuestions: settings.logQuestions,
      info: { version: context.version, model: { id: model.id, revision: model.revision } },
    });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function requireFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw pathError(file, error);
  }
}

const refuseWhileLoading: RequestListener = (_request, response) => {
  response
    .writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' })
    .end(
      JSON.stringify({ status: 503, code: 'starting', title: 'The model and the index are being loaded.' }),
    );
};

function originsOf(origins: readonly string[]): readonly string[] | '*' {
  return origins.includes('*') ? '*' : origins;
}

function limitsOf(settings: ServerSettings): ServerLimits {
  return {
    bodyBytes: settings.maxBodyBytes,
    questionCharacters: settings.maxQuestionCharacters,
    passages: settings.maxPassages,
    batch: settings.maxBatch,
    requestMs: settings.requestMs,
    concurrent: settings.maxConcurrent,
    cacheEntries: settings.cacheEntries,
    requestsPerMinute: settings.requestsPerMinute,
  };
}

import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp, type RequestLogger } from '../../src/server/index.js';
import { serve, serverDeps } from './support/serve.js';

type Fields = Readonly<Record<string, unknown>>;

class RecordingLogger implements RequestLogger {
  readonly infos: Fields[] = [];
  readonly errors: Fields[] = [];

  info(fields: object): void {
    this.infos.push(fields as Fields);
  }

  error(fields: object): void {
    this.errors.push(fields as Fields);
  }
}

const QUESTION = { question: 'How long is the secret warranty?' };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('the log', () => {
  it('has one record a request, with its id and trace, and without the question', async () => {
    const logger = new RecordingLogger();
    const app = await serve({ logger });
    await request(app)
      .post('/v1/answer')
      .set({ 'X-Request-Id': 'r1', traceparent: TRACEPARENT })
      .send(QUESTION);
    expect(logger.infos).toEqual([
      {
        requestId: 'r1',
        traceId: TRACE,
        method: 'POST',
        route: '/v1/answer',
        status: 200,
        ms: expect.any(Number) as number,
        kind: 'answer',
        confidence: expect.any(Number) as number,
        isCached: false,
      },
    ]);
    expect(JSON.stringify(logger.infos)).not.toContain('secret');
  });

  it('has the question where that is asked for, and the key that asked', async () => {
    const logger = new RecordingLogger();
    const keys = { check: async () => ({ id: 'team', scopes: ['read'] as const }) };
    const app = await serve({ logger, keys, logQuestions: true });
    await request(app).post('/v1/answer').set('X-Api-Key', 'token').send(QUESTION).expect(200);
    expect(logger.infos).toMatchObject([{ ...QUESTION, key: 'team' }]);
    expect(JSON.stringify(logger.infos)).not.toContain('token');
  });

  it('has routes, not addresses, and takes no forged trace', async () => {
    const logger = new RecordingLogger();
    const app = await serve({ logger });
    await request(app).get('/v1/documents/secret').set('traceparent', 'x\ty').expect(404);
    await request(app)
      .get('/nothing/secret')
      .set('traceparent', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`);
    expect(logger.infos.map(({ route, status, traceId }) => [route, status, traceId])).toEqual([
      ['/v1/documents/:id', 404, undefined],
      ['unknown', 404, undefined],
    ]);
  });

  it('has the cause of a fault, which the client is not told', async () => {
    const logger = new RecordingLogger();
    const deps = await serverDeps({ logger });
    const cause = new Error('The disk at /srv broke.');
    const verbatim = { ...deps.verbatim, retriever: { retrieve: () => Promise.reject(cause) } };
    const app = createApp({ ...deps, verbatim: verbatim });
    const { text } = await request(app).get('/v1/search?q=a').set('X-Request-Id', 'r2').expect(500);
    expect(text).not.toContain('disk');
    expect(logger.errors).toEqual([{ requestId: 'r2', err: cause }]);
  });
});

describe('tracing', () => {
  it('makes a span of each request, under the one that the caller names', async () => {
    const spans: { name: string; parent: string | undefined; attributes: Fields; isEnded: boolean }[] = [];
    const tracer = {
      startSpan: (name: string, options: SpanOptions, parent: Context): Span => {
        const span = {
          name,
          parent: trace.getSpanContext(parent)?.traceId,
          attributes: { ...options.attributes } as Record<string, unknown>,
          isEnded: false,
        };
        spans.push(span);
        return {
          setAttribute: (key: string, value: unknown) => (span.attributes[key] = value),
          setStatus: () => undefined,
          end: () => (span.isEnded = true),
        } as unknown as Span;
      },
    };
    trace.setGlobalTracerProvider({ getTracer: () => tracer as unknown as Tracer });
    propagation.setGlobalPropagator({
      inject: () => undefined,
      extract: (parent, carrier) => {
        const [, traceId = '', spanId = ''] = String((carrier as Fields)['traceparent']).split('-');
        return trace.setSpanContext(parent, { traceId, spanId, traceFlags: 1 });
      },
      fields: () => ['traceparent'],
    });
    onTestFinished(() => {
      trace.disable();
      propagation.disable();
    });
    expect(context.active()).toBe(ROOT_CONTEXT);
    const app = await serve();
    await request(app).get('/v1/documents/none').set('traceparent', TRACEPARENT).expect(404);
    expect(spans).toEqual([
      {
        name: 'GET /v1/documents/:id',
        parent: TRACE,
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/v1/documents/:id',
          'http.response.status_code': 404,
        },
        isEnded: true,
      },
    ]);
  });
});

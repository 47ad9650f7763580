import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Scope } from '../deps.js';
import type { Exchange } from './exchange.js';
import type { WorkSignal } from './work-signal.js';

/** One request as a route's handler gets it. */
export interface Call<Body = unknown, Query = unknown> {
  readonly req: Request;
  readonly res: Response;
  readonly body: Body;
  readonly query: Query;
  readonly exchange: Exchange;
  readonly work: WorkSignal;
  /** Aborted when the client is gone or the time is over. */
  readonly signal: AbortSignal;
}

export type Method = 'get' | 'post' | 'put' | 'delete';

export interface ResponseDescription {
  readonly description: string;
  /** Schema by media type; none where there is no body, or no JSON. */
  readonly content?: Readonly<Record<string, z.ZodType | undefined>>;
}

/** A route: what it takes, what it gives, who may call it, and what it does. Router and OpenAPI document are made of it. */
export interface RouteDefinition<Body, Query> {
  readonly method: Method;
  /** As Express takes it: `/v1/documents/:id`. */
  readonly path: string;
  /** What a key must allow; `public` is open to everybody and not counted. */
  readonly scope: Scope | 'public';
  readonly summary: string;
  readonly description?: string;
  /** Not in the OpenAPI document. @defaultValue false */
  readonly isHidden?: boolean;
  /** The JSON body, checked before the handler runs. */
  readonly body?: z.ZodType<Body>;
  /** Another body, which the handler reads; media type and schema of a part. */
  readonly stream?: { readonly type: string; readonly item: z.ZodType };
  /** Query parameters by name. A parameter whose schema is an array may be repeated. */
  readonly query?: z.ZodType<Query> & { readonly shape: Readonly<Record<string, z.ZodType>> };
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  readonly handle: (call: Call<Body, Query>) => Promise<void> | void;
}

export type Route = RouteDefinition<unknown, unknown>;

/** Checks a route's handler against its schemas; from there on the router knows only that they belong together. */
export function defineRoute<Body = undefined, Query = undefined>(
  definition: RouteDefinition<Body, Query>,
): Route {
  return definition as unknown as Route;
}

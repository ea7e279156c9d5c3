import type { z } from 'zod';

/** One operation of the API: everything the server, the client and the OpenAPI document need to know of it. */
export interface Route<Path, Query, Response> {
  /** Unique, camel case: the name of the client's method and OpenAPI's `operationId`. */
  readonly operationId: string;
  readonly summary: string;
  /** `get` when absent. */
  readonly method?: 'get' | 'delete';
  /** Below `/api/clew`; parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly pathParameters: z.ZodType<Path>;
  /** Parses query parameters as they arrive: strings, and arrays of strings where a parameter repeats. */
  readonly query: z.ZodType<Query>;
  /** `z.undefined()` for an answer without a body, HTTP's 204. */
  readonly response: z.ZodType<Response>;
  /** Other forms of the answer, for those whose `Accept` names their media type. */
  readonly alternatives?: readonly { readonly mediaType: string; readonly description: string }[];
}

/**
 * An operation that answers with a stream of server-sent events, by their names. Each carries JSON on one line. What is wrong with
 * the request is answered with an error before there are any.
 */
export interface EventRoute<Query, Events> {
  readonly operationId: string;
  readonly summary: string;
  readonly path: string;
  readonly query: z.ZodType<Query>;
  readonly events: { readonly [Name in keyof Events]: EventDescription<Events[Name]> };
}

export interface EventDescription<Content> {
  readonly description: string;
  readonly content: z.ZodType<Content>;
}

/** Any of the events of a route: its name, and what it carries. */
export type EventOf<Events> = {
  readonly [Name in keyof Events]: { readonly event: Name; readonly data: Events[Name] };
}[keyof Events];

/** The path below which all routes live. */
export const API_ROOT = '/api/clew';

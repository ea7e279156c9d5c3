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

/** The path below which all routes live. */
export const API_ROOT = '/api/clew';

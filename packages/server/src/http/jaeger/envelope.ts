/** A trace, or why there is none, in the words of Jaeger's JSON API, version 1. */
export interface JaegerError {
  readonly code?: number;
  readonly msg: string;
  readonly traceID?: string;
}

/** What every answer of that API is wrapped in. */
export interface Envelope {
  readonly data: unknown;
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly errors: readonly JaegerError[] | null;
}

export function wrapData(
  data: unknown,
  { total = 0, errors = null }: { total?: number; errors?: readonly JaegerError[] | null } = {},
): Envelope {
  return { data, total, limit: 0, offset: 0, errors };
}

export function wrapError(error: JaegerError): Envelope {
  return { data: null, total: 0, limit: 0, offset: 0, errors: [error] };
}

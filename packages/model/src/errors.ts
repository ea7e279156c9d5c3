/**
 * The closed vocabulary of failures. The codes are gRPC's names because OTLP's retry rules, gRPC statuses and HTTP
 * statuses all map from them; the mapping itself lives at the borders (`server/http/error-response.ts` and the gRPC
 * receiver), never here.
 */
export type ErrorCode =
  | 'invalid_argument'
  | 'not_found'
  | 'resource_exhausted'
  | 'failed_precondition'
  | 'deadline_exceeded'
  | 'canceled'
  | 'unavailable'
  | 'unimplemented'
  | 'unauthenticated'
  | 'permission_denied'
  | 'internal';

/** A failure that a caller can see. Anything else that is thrown is a bug. */
export abstract class TraceError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Bytes that are not what their format promises. `offset` counts bytes from the start of the payload. */
export class DecodeError extends TraceError {
  readonly code = 'invalid_argument';
  readonly format: string;
  readonly offset: number;
  readonly path: string;

  constructor(
    message: string,
    details: { format: string; offset: number; path?: string; cause?: unknown },
  ) {
    super(
      `${details.format}: ${message}${details.path ? ` in ${details.path}` : ''} at byte ${details.offset}`,
      details,
    );
    this.format = details.format;
    this.offset = details.offset;
    this.path = details.path ?? '';
  }
}

/** A request over an explicit limit. Sending it again cannot help. */
export class LimitError extends TraceError {
  readonly code = 'resource_exhausted';
  readonly limit: number;
  readonly actual: number;

  constructor(message: string, details: { limit: number; actual: number }) {
    super(message);
    this.limit = details.limit;
    this.actual = details.actual;
  }
}

/** Too many of something at once. It can be asked for again when one of them has ended. */
export class QuotaError extends TraceError {
  readonly code = 'resource_exhausted';
  readonly limit: number;

  constructor(message: string, details: { limit: number }) {
    super(message);
    this.limit = details.limit;
  }
}

/** The store cannot take more right now; the sender should repeat the request after `retryAfterMs`. */
export class OverloadedError extends TraceError {
  readonly code = 'unavailable';
  readonly retryAfterMs: number;

  constructor(message: string, details: { retryAfterMs: number; cause?: unknown }) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A query parameter or query text that cannot be understood. */
export class InvalidQueryError extends TraceError {
  readonly code = 'invalid_argument';
  readonly parameter: string;

  constructor(message: string, details: { parameter: string; cause?: unknown }) {
    super(message, details);
    this.parameter = details.parameter;
  }
}

/**
 * A query text that is not one, or not of the kind that is asked for. `position` counts characters from 0; `expected` says what would do
 * there, if one can say; `suggestion` is a query to ask instead, where whoever refuses this one knows it.
 */
export class QuerySyntaxError extends TraceError {
  readonly code = 'invalid_argument';
  readonly text: string;
  readonly position: number;
  readonly expected: string | undefined;
  readonly suggestion: string | undefined;

  constructor(
    message: string,
    details: {
      text: string;
      position: number;
      expected?: string;
      suggestion?: string | undefined;
    },
  ) {
    super(`${message} at ${details.position}`);
    this.text = details.text;
    this.position = details.position;
    this.expected = details.expected;
    this.suggestion = details.suggestion;
  }
}

/** Something asked for by its id does not exist. */
export class NotFoundError extends TraceError {
  readonly code = 'not_found';
  readonly kind: string;
  readonly id: string;

  constructor(kind: string, id: string) {
    super(`${kind} not found: ${shorten(id)}`);
    this.kind = kind;
    this.id = id;
  }
}

/** A request that is understood and not allowed, such as a change asked for by a foreign web page. */
export class PermissionError extends TraceError {
  readonly code = 'permission_denied';
}

/** The storage engine or the disk failed. `engineCode` is the engine's own number where it gave one. */
export class StorageError extends TraceError {
  readonly code:
    | 'internal'
    | 'unavailable'
    | 'deadline_exceeded'
    | 'resource_exhausted'
    | 'failed_precondition';
  readonly statement: string;
  readonly engineCode: number | undefined;

  constructor(
    message: string,
    details: {
      code?: StorageError['code'];
      statement?: string;
      engineCode?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, details);
    this.code = details.code ?? 'internal';
    this.statement = details.statement ?? '';
    this.engineCode = details.engineCode;
  }
}

/** An option with a value that cannot be used. `key` is the option's name as the user writes it. */
export class ConfigError extends TraceError {
  readonly code = 'failed_precondition';
  readonly key: string;
  readonly value: string;

  constructor(message: string, details: { key: string; value?: string; cause?: unknown }) {
    super(message, details);
    this.key = details.key;
    this.value = details.value ?? '';
  }
}

/** Cuts an offending value to 100 characters for a message. */
export function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

import type { Attribute } from '../attributes.ts';
import type { Span } from '../span.ts';

/** gRPC's code 1, and the names of it in OpenTelemetry's conventions, old and new. */
const STATUS_KEYS = new Set([
  'rpc.grpc.status_code',
  'grpc.status_code',
  'rpc.response.status_code',
]);
const HTTP_KEYS = new Set(['http.response.status_code', 'http.status_code']);
const ERROR_KEYS = new Set(['error.type', 'exception.type', 'exception.message']);
/** nginx's status for a client that closed its connection. */
const CLIENT_CLOSED_REQUEST = 499;
/** `context canceled`, `CancelledError`, `OperationCanceledException`, and aborted requests; transactions abort for other reasons. */
const CANCELLED =
  /cancell?ed|cancell?ation|\bAbortError\b|operation was aborted|aborted a request|request aborted/i;

/** 1 for each span that says it was cancelled: by its status, an attribute or an event of an exception. */
export function findCancelledSpans(spans: readonly Span[]): Uint8Array {
  return Uint8Array.from(spans, (span) => (isCancelled(span) ? 1 : 0));
}

function isCancelled({ status, statusMessage, attributes, events }: Span): boolean {
  if (status === 'ok') return false;
  return (
    (status === 'error' && CANCELLED.test(statusMessage)) ||
    attributes.some(tellsOfCancellation) ||
    events.some((event) => event.attributes.some(tellsOfCancellation))
  );
}

function tellsOfCancellation({ key, value }: Attribute): boolean {
  if (value.type !== 'string' && value.type !== 'int') return false;
  const text = String(value.value);
  if (STATUS_KEYS.has(key)) return text === '1' || CANCELLED.test(text);
  if (HTTP_KEYS.has(key)) return text === String(CLIENT_CLOSED_REQUEST);
  return ERROR_KEYS.has(key) && CANCELLED.test(text);
}

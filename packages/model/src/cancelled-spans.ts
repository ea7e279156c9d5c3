/**
 * How senders say that a span was cancelled: nobody wanted its answer any more. There is no one way, so all of them are looked
 * for: gRPC's status (https://grpc.io/docs/guides/status-codes/), the status that nginx has for a client that went away, the types of errors
 * that languages throw then, and the messages that come with them. That an order or a card was cancelled is somebody's business, and
 * none of them.
 */
import type { Attribute } from './attributes.ts';
import type { Span, SpanEvent } from './span.ts';

/** `CancelledError`, `OperationCanceledException`, `context canceled`, `AbortError`: the last word, behind packages and modules. */
const TYPE =
  /^(?:(?:operation|task|job|request|call|query|context)[ _]?)?cancell?(?:ed|ation)(?:error|exception)?$|^(?:abort|clientabort)(?:error|exception)$/i;

const MESSAGE =
  /\b(?:context|operation|request|call|query|task|job|statement|stream|rpc)s? (?:was |is |has been )?(?:explicitly )?cancell?ed\b|^(?:\d+ )?cancell?ed(?:$|:)|\bcancell?ed by (?:the )?(?:client|caller|peer|remote)\b|\bcode = canceled\b|canceling statement due to user request|operation was aborted|aborted a request|request aborted/i;

/** gRPC's code 1, and the names of it in OpenTelemetry's conventions, old and new, and of Connect. */
const isRpcStatus = (text: string): boolean => text === '1' || TYPE.test(text);
/** nginx's status for a client that closed its connection. */
const isHttpStatus = (text: string): boolean => text === '499';
const isType = (text: string): boolean => TYPE.test(lastWordOf(text));

type TellsOf = (text: string) => boolean;

/** What under these keys of a span says that it was cancelled; a store shares them among spans, where they are looked up. */
const BY_KEY: ReadonlyMap<string, TellsOf> = new Map([
  ['rpc.grpc.status_code', isRpcStatus],
  ['grpc.status_code', isRpcStatus],
  ['rpc.response.status_code', isRpcStatus],
  ['rpc.connect_rpc.error_code', isRpcStatus],
  ['http.response.status_code', isHttpStatus],
  ['http.status_code', isHttpStatus],
  ['error.type', isType],
]);
/** The same of an exception, or of OpenTracing's log of an error. */
const BY_KEY_OF_EVENT: ReadonlyMap<string, TellsOf> = new Map<string, TellsOf>([
  ['error.type', isType],
  ['exception.type', isType],
  ['error.kind', isType],
  ['exception.message', isCancellationMessage],
  ['error.message', isCancellationMessage],
  ['error.object', isCancellationMessage],
  ['message', isCancellationMessage],
]);
/** Events of OpenTelemetry, and of OpenTracing, whose logs are called so. */
const ERROR_EVENTS = new Set(['exception', 'error']);

/** 1 for each span that says it was cancelled: by its status, an attribute or an event of an exception. */
export function findCancelledSpans(spans: readonly Span[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(spans, (span) => (isCancelled(span) ? 1 : 0));
}

function isCancelled({ status, statusMessage, attributes, events }: Span): boolean {
  // A sender that says that all is well knows better than a number.
  if (status === 'ok') return false;
  return (
    (status === 'error' && isCancellationMessage(statusMessage)) ||
    attributes.some(isCancellation) ||
    events.some(isCancellationEvent)
  );
}

/** Whether what a span says of its failure is that it was cancelled. */
export function isCancellationMessage(message: string): boolean {
  return message !== '' && MESSAGE.test(message);
}

/** Whether an attribute of a span says that it was cancelled. */
export function isCancellation(attribute: Attribute): boolean {
  return tellsOf(attribute, BY_KEY);
}

function tellsOf({ key, value }: Attribute, byKey: ReadonlyMap<string, TellsOf>): boolean {
  const tells = byKey.get(key);
  if (tells === undefined || (value.type !== 'string' && value.type !== 'int')) return false;
  return tells(String(value.value));
}

/** Whether an event may be one of `isCancellationEvent`, from its name alone. */
export function isErrorEvent({ name }: Pick<SpanEvent, 'name'>): boolean {
  return ERROR_EVENTS.has(name);
}

/** Whether an event is an exception, or a log of an error, that says that its span was cancelled. */
export function isCancellationEvent({ name, attributes }: SpanEvent): boolean {
  return (
    isErrorEvent({ name }) && attributes.some((attribute) => tellsOf(attribute, BY_KEY_OF_EVENT))
  );
}

/** `java.util.concurrent.CancellationException`, `tokio::Cancelled`, `*context.Canceled`, `Error/Canceled`. */
function lastWordOf(type: string): string {
  return type.slice(Math.max(...['.', ':', '/', '$'].map((mark) => type.lastIndexOf(mark))) + 1);
}

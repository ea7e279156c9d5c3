import type { Attributes } from '@opentelemetry/api';
import { describeException } from '../trace/exception.ts';
import { isError, toAttributes } from './to-attributes.ts';

/** A line of an OpenTracing log as OpenTelemetry's event. */
export interface LoggedEvent {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * The event is named by the field `event`, or `log`. An error (`event` is `error`) becomes an `exception`: described by
 * `error.object` if that is an error, else by `error.kind`, `message` and `stack`; all other fields are kept beside it.
 */
export function readLog(fields: unknown): LoggedEvent {
  const attributes = toAttributes(fields);
  const event = attributes['event'];
  if (event !== 'error') {
    return { name: event === undefined ? 'log' : String(event), attributes };
  }
  const { 'error.object': described, ...others } = attributes;
  const thrown: unknown = described && Reflect.get(Object(fields), 'error.object');
  // As `recordException` would have it, which takes no attributes beside the error.
  if (isError(thrown)) {
    return { name: 'exception', attributes: { ...others, ...describeException(thrown) } };
  }
  const renamed = Object.entries(attributes).map(([key, value]) => [
    EXCEPTION_KEYS.get(key) ?? key,
    value,
  ]);
  return { name: 'exception', attributes: Object.fromEntries(renamed) as Attributes };
}

const EXCEPTION_KEYS: ReadonlyMap<string, string> = new Map([
  ['error.kind', 'exception.type'],
  ['message', 'exception.message'],
  ['stack', 'exception.stacktrace'],
]);

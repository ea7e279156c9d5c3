import type { Attributes, HrTime, Span } from '@opentelemetry/api';
import { describeException } from '../trace/exception.ts';
import { toAttributes } from './span-tags.ts';
import type { Tags } from './span-tags.ts';

/** What OpenTracing calls the parts of an exception, and what OpenTelemetry does. */
const EXCEPTION_FIELDS: Readonly<Record<string, string>> = {
  'error.kind': 'exception.type',
  message: 'exception.message',
  stack: 'exception.stacktrace',
};

/**
 * Adds OpenTracing's log as an event, as OpenTelemetry's compatibility specification says: named after its field `event`, or
 * `log`; `event: 'error'` is an exception, described by `error.object` or else by `error.kind`, `message` and `stack`.
 */
export function addLog(span: Span, fields: Tags | undefined, time: HrTime | undefined): void {
  const { event, ...others } = fields ?? {};
  if (event === 'error') {
    span.addEvent('exception', toException(others), time);
    return;
  }
  const name = typeof event === 'string' && event !== '' ? event : 'log';
  span.addEvent(name, toAttributes(others), time);
}

function toException({ 'error.object': thrown, ...others }: Tags): Attributes {
  const isError = thrown instanceof Error;
  const fields = Object.entries(isError ? others : { ...others, 'error.object': thrown });
  const named = Object.fromEntries(fields.map(([key, value]) => [exceptionField(key), value]));
  return { ...toAttributes(named), ...(isError ? describeException(thrown) : {}) };
}

function exceptionField(key: string): string {
  return Object.hasOwn(EXCEPTION_FIELDS, key) ? (EXCEPTION_FIELDS[key] ?? key) : key;
}

import { DEFAULT_SPAN_LIMITS } from '../trace/span-limits.ts';
import type { SpanLimits } from '../trace/span-limits.ts';
import { checkInteger } from './check-option.ts';
import type { Environment } from './environment.ts';

/** The variables of each limit, the more specific first. */
const LIMIT_VARIABLES: Readonly<Record<keyof SpanLimits, readonly string[]>> = {
  attributeCount: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  attributeValueLength: [
    'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  ],
  eventCount: ['OTEL_SPAN_EVENT_COUNT_LIMIT'],
  linkCount: ['OTEL_SPAN_LINK_COUNT_LIMIT'],
  eventAttributeCount: ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT'],
  linkAttributeCount: ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT'],
};

/** Throws `ConfigError` for an option that is neither a whole number nor `Infinity`. */
export function resolveLimits(options: Partial<SpanLimits> = {}, env: Environment): SpanLimits {
  const read = (key: keyof SpanLimits): number =>
    check(options[key], `limits.${key}`) ??
    env.first(LIMIT_VARIABLES[key], (variable) => env.integer(variable, 0)) ??
    DEFAULT_SPAN_LIMITS[key];
  return {
    attributeCount: read('attributeCount'),
    attributeValueLength: read('attributeValueLength'),
    eventCount: read('eventCount'),
    linkCount: read('linkCount'),
    eventAttributeCount: read('eventAttributeCount'),
    linkAttributeCount: read('linkAttributeCount'),
  };
}

function check(value: number | undefined, key: string): number | undefined {
  return value === Number.POSITIVE_INFINITY ? value : checkInteger(value, key, 0);
}

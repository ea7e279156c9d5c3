import type { Attributes } from '@opentelemetry/api';

const MAX_CAUSES = 5;

/**
 * Describes whatever was thrown with OpenTelemetry's `exception.*` attributes. The stack includes the causes, because
 * `fetch failed` alone helps nobody. Never throws itself, however odd the thing is.
 */
export function describeException(thrown: unknown): Attributes {
  try {
    if (!isRecord(thrown))
      return { 'exception.type': typeName(thrown), 'exception.message': text(thrown) };
    return {
      'exception.type': typeName(thrown),
      'exception.message': text(thrown['message'] ?? thrown['code'] ?? thrown),
      'exception.stacktrace': formatStack(thrown),
    };
  } catch {
    // A thrown object may have getters that throw, or no way to become a string.
    return {
      'exception.type': 'unknown',
      'exception.message': 'an object that cannot be described',
    };
  }
}

/** The message for a span's status. */
export function exceptionMessage(thrown: unknown): string {
  return String(describeException(thrown)['exception.message'] ?? '');
}

/** The name for `error.type`: the code where there is one (`ECONNREFUSED`), else the class. */
export function exceptionType(thrown: unknown): string {
  try {
    const code = isRecord(thrown) ? thrown['code'] : undefined;
    return typeof code === 'string' && code !== '' ? code : typeName(thrown);
  } catch {
    return 'unknown';
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}

function typeName(thrown: unknown): string {
  if (!isRecord(thrown)) return typeof thrown;
  const name = thrown['name'];
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  const maker = thrown['constructor'];
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'Error';
}

function formatStack(thrown: Readonly<Record<string, unknown>>): string | undefined {
  const parts: string[] = [];
  let current: unknown = thrown;
  for (let depth = 0; depth <= MAX_CAUSES && isRecord(current); depth++) {
    const stack = current['stack'];
    if (typeof stack === 'string') parts.push(stack);
    current = current['cause'];
  }
  return parts.length === 0 ? undefined : parts.join('\nCaused by: ');
}

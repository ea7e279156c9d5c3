import type { AttributeValue, SpanKind, SpanStatus } from '@clew/model';
import type { TagList } from './tag-list.ts';

/** A span's outcome, as the model has it. */
export interface TakenStatus {
  readonly status: SpanStatus;
  readonly statusMessage: string;
}

/** Tags that have a say in the outcome. */
export const STATUS_TAGS: readonly string[] = [
  'error',
  'otel.status_code',
  'otel.status_description',
  'http.status_code',
  'http.status_message',
];

const UNSET: TakenStatus = { status: 'unset', statusMessage: '' };

/**
 * Takes the outcome out of the tags: `error` has the first word, then `otel.status_code`, and where neither speaks the
 * HTTP status does. Beyond the published rules the text `true` of `error` counts as well, as it does in Jaeger's UI.
 */
export function takeStatus(tags: TagList, kind: SpanKind): TakenStatus {
  const taken = takeErrorTag(tags);
  const code = tags.takeText('otel.status_code');
  if (taken !== undefined) return taken;
  if (code !== undefined) {
    return {
      status: STATUS_OF_CODE.get(code.toUpperCase()) ?? 'unset',
      statusMessage: tags.takeText('otel.status_description') ?? '',
    };
  }
  const httpStatus = parseHttpStatus(tags.find('http.status_code'));
  if (httpStatus === undefined || !isFailure(httpStatus, kind)) return UNSET;
  return { status: 'error', statusMessage: tags.findText('http.status_message') ?? '' };
}

const STATUS_OF_CODE: ReadonlyMap<string, SpanStatus> = new Map([
  ['OK', 'ok'],
  ['ERROR', 'error'],
]);

function takeErrorTag(tags: TagList): TakenStatus | undefined {
  const error = tags.find('error');
  const isError =
    (error?.type === 'bool' && error.value) ||
    (error?.type === 'string' && error.value.toLowerCase() === 'true');
  if (!isError) return undefined;
  tags.remove('error');
  return {
    status: 'error',
    statusMessage:
      tags.takeText('otel.status_description') ?? tags.findText('http.status_message') ?? '',
  };
}

function parseHttpStatus(value: AttributeValue | undefined): number | undefined {
  if (value?.type === 'int') return Number(value.value);
  // Jaeger's Node client sends all numbers so.
  if (value?.type === 'double' && Number.isInteger(value.value)) return value.value;
  if (value?.type === 'string' && /^\d{1,9}$/.test(value.value)) return Number(value.value);
  return undefined;
}

/** A server has done nothing wrong when it refuses a request; a number that is no HTTP status is a failure. */
function isFailure(httpStatus: number, kind: SpanKind): boolean {
  if (httpStatus >= 400 && httpStatus < 500) return kind !== 'server';
  return httpStatus < 100 || httpStatus >= 500;
}

/** Answers in the shape of Prometheus' HTTP API. */
import { InvalidQueryError, LimitError } from '@clew/model';
import type { Context } from 'hono';
import type { Logger } from '../../telemetry/log.ts';
import { toErrorAnswer } from '../error-response.ts';
import type { ErrorStatus } from '../error-response.ts';
import { jsonResponse } from '../json-response.ts';
import type { PromqlValue } from './promql/compile-promql.ts';
import { PromqlExecutionError } from './promql/execution-error.ts';
import type { Labels } from './promql/labels.ts';
import type { RangeSeries } from './run-query.ts';

export function answerData(
  context: Context,
  data: unknown,
  warnings: readonly string[] = [],
): Promise<Response> {
  const body = { status: 'success', data, ...(warnings.length === 0 ? {} : { warnings }) };
  return jsonResponse(body, { acceptEncoding: context.req.header('accept-encoding') });
}

export function answerError(context: Context, error: unknown, log: Logger): Promise<Response> {
  const { status, errorType, message } = toFailure(error, log);
  return jsonResponse(
    { status: 'error', errorType, error: message },
    { status, acceptEncoding: context.req.header('accept-encoding') },
  );
}

/** A value at one moment. */
export function instantData(value: PromqlValue, timeMs: number): unknown {
  const time = timeMs / 1000;
  if (typeof value === 'string') return { resultType: 'string', result: [time, value] };
  if (typeof value === 'number') {
    return { resultType: 'scalar', result: [time, formatValue(value)] };
  }
  const result = value.map(({ labels, value }) => ({
    metric: metricOf(labels),
    value: [time, formatValue(value)],
  }));
  return { resultType: 'vector', result };
}

export function rangeData(series: readonly RangeSeries[]): unknown {
  const result = series.map(({ labels, points }) => ({
    metric: metricOf(labels),
    values: points.map(({ timeMs, value }) => [timeMs / 1000, formatValue(value)]),
  }));
  return { resultType: 'matrix', result };
}

export function metricOf(labels: Labels): Readonly<Record<string, string>> {
  return Object.fromEntries(labels);
}

/** All digits that there are, and no exponent. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = String(value);
  const [, sign = '', whole = '', fraction = '', power = ''] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (power === '') return text;
  const digits = whole + fraction;
  const point = Number(power) + 1;
  if (point > 0) return sign + digits.padEnd(point, '0');
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
}

interface Failure {
  readonly status: ErrorStatus | 422;
  readonly errorType: string;
  readonly message: string;
}

function toFailure(error: unknown, log: Logger): Failure {
  if (error instanceof PromqlExecutionError || error instanceof LimitError) {
    return { status: 422, errorType: 'execution', message: error.message };
  }
  if (error instanceof InvalidQueryError) {
    const { parameter, message: reason } = error;
    const message = parameter === '' ? reason : `invalid parameter "${parameter}": ${reason}`;
    return { status: 400, errorType: 'bad_data', message };
  }
  const { status, body } = toErrorAnswer(error, log);
  const errorType = ERROR_TYPES[status] ?? 'internal';
  const isTimeout = status === 504;
  return { status: isTimeout ? 503 : status, errorType, message: body.error.message };
}

/** 503 also for what took too long. */
const ERROR_TYPES: Readonly<Partial<Record<ErrorStatus, string>>> = {
  400: 'bad_data',
  404: 'not_found',
  413: 'execution',
  499: 'canceled',
  503: 'unavailable',
  504: 'timeout',
};

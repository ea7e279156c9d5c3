/**
 * The signals of OTLP that Clew does not keep. Senders are usually set up to send all of them to one address, so each
 * is answered in its own terms: with success, and a partial success that says how many items were not kept.
 */
import { DecodeError } from '@clew/model';
import { checkJsonShape } from '../wire/json-shape.ts';
import { WIRE_TYPE, WireReader } from '../wire/reader.ts';
import type { OtlpEncoding } from './content-type.ts';
import { encodeExportResponseProtobuf } from './encode-response.ts';

export type OtherSignal = 'metrics' | 'logs' | 'profiles';

interface Step {
  /** Field numbers that lead on, all of them messages. */
  readonly fields: readonly number[];
  /** The same fields in OTLP/JSON. */
  readonly keys: readonly string[];
}

interface SignalShape {
  /** From the request down to what a partial success counts. */
  readonly steps: readonly Step[];
  /** What a partial success calls the number of them in OTLP/JSON. */
  readonly rejectedKey: string;
}

const step = (field: number, key: string): Step => ({ fields: [field], keys: [key] });

/**
 * opentelemetry/proto/collector/{metrics,logs}/v1 and profiles/v1development.
 *
 * | request                      | down to its items                                              |
 * |------------------------------|----------------------------------------------------------------|
 * | ExportMetricsServiceRequest  | resource_metrics 1, scope_metrics 2, metrics 2, then of each   |
 * |                              | gauge 5, sum 7, histogram 9, exponential_histogram 10 or       |
 * |                              | summary 11 the data_points 1                                   |
 * | ExportLogsServiceRequest     | resource_logs 1, scope_logs 2, log_records 2                   |
 * | ExportProfilesServiceRequest | resource_profiles 1, scope_profiles 2, profiles 2              |
 */
const SIGNALS: Readonly<Record<OtherSignal, SignalShape>> = {
  metrics: {
    steps: [
      step(1, 'resourceMetrics'),
      step(2, 'scopeMetrics'),
      step(2, 'metrics'),
      {
        fields: [5, 7, 9, 10, 11],
        keys: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'],
      },
      step(1, 'dataPoints'),
    ],
    rejectedKey: 'rejectedDataPoints',
  },
  logs: {
    steps: [step(1, 'resourceLogs'), step(2, 'scopeLogs'), step(2, 'logRecords')],
    rejectedKey: 'rejectedLogRecords',
  },
  profiles: {
    steps: [step(1, 'resourceProfiles'), step(2, 'scopeProfiles'), step(2, 'profiles')],
    rejectedKey: 'rejectedProfiles',
  },
};

/**
 * How many data points, log records or profiles a request has. Looks at nothing inside them. Throws `DecodeError` for
 * bytes that are no such request.
 */
export function countSignalItems(
  bytes: Uint8Array,
  { signal, encoding }: { readonly signal: OtherSignal; readonly encoding: OtlpEncoding },
): number {
  const { steps } = SIGNALS[signal];
  if (encoding === 'json') return countInJson(parseJson(bytes), steps);
  const reader = new WireReader(bytes, { format: `OTLP ${signal}`, path: () => '' });
  return countInMessage(reader, bytes.length, steps);
}

/** The answer to a request of which nothing was kept; `message` says why. */
export function encodeSignalResponse(
  rejectedCount: number,
  message: string,
  { signal, encoding }: { readonly signal: OtherSignal; readonly encoding: OtlpEncoding },
): Uint8Array<ArrayBuffer> | string {
  // The partial successes of all signals have the same field numbers.
  if (encoding === 'protobuf')
    return encodeExportResponseProtobuf({ rejectedSpans: rejectedCount, message });
  const { rejectedKey } = SIGNALS[signal];
  return JSON.stringify({
    partialSuccess: { [rejectedKey]: String(rejectedCount), errorMessage: message },
  });
}

function countInMessage(reader: WireReader, end: number, steps: readonly Step[]): number {
  const [step, ...rest] = steps;
  let count = 0;
  while (reader.position < end) {
    const tag = reader.readTag(end);
    const isStep =
      (tag & 7) === WIRE_TYPE.lengthDelimited && step?.fields.includes(tag >>> 3) === true;
    if (!isStep) {
      reader.skip(tag, end);
      continue;
    }
    const messageEnd = reader.readEnd(end);
    if (rest.length === 0) count++;
    else count += countInMessage(reader, messageEnd, rest);
    reader.position = messageEnd;
  }
  return count;
}

/** A message where one is expected, or a list of them. */
function countInJson(value: unknown, steps: readonly Step[]): number {
  const [step, ...rest] = steps;
  let count = 0;
  for (const key of step?.keys ?? []) {
    const child = (value as Readonly<Record<string, unknown>> | null)?.[key];
    const items: readonly unknown[] = Array.isArray(child)
      ? child
      : child === undefined || child === null
        ? []
        : [child];
    if (rest.length === 0) count += items.length;
    else for (const item of items) count += countInJson(item, rest);
  }
  return count;
}

const MAX_JSON_DEPTH = 200;

function parseJson(bytes: Uint8Array): unknown {
  checkJsonShape(bytes, { format: 'OTLP/JSON', maxDepth: MAX_JSON_DEPTH });
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DecodeError(message, { format: 'OTLP/JSON', offset: 0, cause });
  }
}

import { z } from 'zod';
import { duration, unixNano } from './parameters.ts';

/**
 * Which spans to look for: all conditions hold on one of them; a trace is found when it has such a span.
 *
 * Attribute conditions are `key=value`: everything up to the first `=` is the key. They match span and resource
 * attributes of any scalar type whose value reads the same (`http.response.status_code=500` finds the number 500).
 */
export interface SpanConditions {
  /** TraceQL, instead of `service` to `maxDuration`. */
  readonly q?: string | undefined;
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  readonly attribute: readonly { readonly key: string; readonly value: string }[];
  readonly status?: 'unset' | 'ok' | 'error' | undefined;
  /** Nanoseconds; written with a unit in the URL: `250ms`, `1.5s`. Bounds of the matching span's duration, inclusive. */
  readonly minDuration?: bigint | undefined;
  readonly maxDuration?: bigint | undefined;
  /** Nanoseconds since 1970, inclusive and exclusive: when the matching span started. */
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
}

/** What has to hold of spans, and of the whole trace that they belong to. */
export interface TotalQuery extends SpanConditions {
  /** Of the whole trace: nanoseconds, from its first start to its last end; inclusive. */
  readonly traceMinDuration?: bigint | undefined;
  readonly traceMaxDuration?: bigint | undefined;
  readonly traceMinSpans?: number | undefined;
  readonly traceMaxSpans?: number | undefined;
  /** Services that all took part. */
  readonly traceService: readonly string[];
  /** Whether a span of the trace failed. */
  readonly traceHasError?: boolean | undefined;
}

/** Which traces to find, and which of them to show. */
export interface SearchQuery extends TotalQuery {
  /** Newest matching span first when it is absent and `q` says nothing else. */
  readonly order?: SearchOrder | undefined;
  /** Traces in one answer, 1 to 1,000. */
  readonly limit: number;
  /** From `nextCursor` of the answer before. */
  readonly cursor?: string | undefined;
}

export const SEARCH_ORDERS = [
  'newest',
  'oldest',
  'slowest',
  'fastest',
  'mostSpans',
  'mostErrors',
] as const;
export type SearchOrder = (typeof SEARCH_ORDERS)[number];

export interface ServiceCountJson {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface TraceSummaryJson {
  readonly traceId: string;
  /** Empty when no root span has arrived. */
  readonly rootService: string;
  readonly rootSpanName: string;
  readonly startUnixNano: string;
  /** From the earliest start to the latest end: of the root's own duration more, where a message set off work behind it. */
  readonly durationNano: string;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly ServiceCountJson[];
  /** Start of the newest span that met the conditions: what the list is ordered by. */
  readonly matchedStartUnixNano: string;
  /** Id of that span, for a link to it. */
  readonly matchedSpanId: string;
}

export interface SearchResponse {
  /** Newest matching span first; equal ones by trace id, descending. */
  readonly traces: readonly TraceSummaryJson[];
  readonly scanned: SearchScanJson;
  /** Continues after the last trace; absent when there are no more. */
  readonly nextCursor?: string | undefined;
}

/** What was looked at for the answer. */
export interface SearchScanJson {
  /** Matches were looked for that started from here on; absent where that is all that is stored. */
  readonly startUnixNano?: string | undefined;
  /** Traces that might have answered. */
  readonly traceCount: number;
  /** Spans that had to be read to tell. */
  readonly spanCount: number;
}

/** One or many of a repeatable query parameter. */
const textList = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) => (typeof given === 'string' ? [given] : (given ?? [])));

const attributeList = textList.transform((texts, context) =>
  texts.map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return { key: text.slice(0, at), value: text.slice(at + 1) };
    context.addIssue({ code: 'custom', message: 'expected key=value' });
    return z.NEVER;
  }),
);

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a whole number')
  .transform(Number);

const truth = z.enum(['true', 'false']).transform((text) => text === 'true');

export const limit: z.ZodType<number> = z
  .string()
  .regex(/^\d{1,4}$/, 'expected a whole number from 1 to 1000')
  .optional()
  .transform((digits) => (digits === undefined ? 20 : Number(digits)))
  .refine((value) => value >= 1 && value <= 1000, 'expected a whole number from 1 to 1000');

/** Where answers come one a line: all without it, and as many as are wanted with it. */
export const streamLimit: z.ZodType<number> = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a whole number from 1 to 999999999')
  .optional()
  .transform((digits) => (digits === undefined ? Number.POSITIVE_INFINITY : Number(digits)))
  .refine((value) => value >= 1, 'expected a whole number from 1 to 999999999');

type Shape<Fields> = { readonly [Name in keyof Fields]-?: z.ZodType<Fields[Name]> };

/** Which spans: by TraceQL or by a form. */
export const spanFilter: Shape<Omit<SpanConditions, 'start' | 'end'>> = {
  q: z.string().min(1).optional(),
  service: z.string().min(1).optional(),
  spanName: z.string().min(1).optional(),
  attribute: attributeList,
  status: z.enum(['unset', 'ok', 'error']).optional(),
  minDuration: duration.optional(),
  maxDuration: duration.optional(),
};

/** And when they started. */
export const spanConditions: Shape<SpanConditions> = {
  ...spanFilter,
  start: unixNano.optional(),
  end: unixNano.optional(),
};

/** Refuses conditions that contradict each other. */
export function checkConditions(query: SpanConditions, context: z.core.$RefinementCtx): void {
  const { q, start, end } = query;
  const refuse = (parameter: string, message: string): void => {
    context.issues.push({ code: 'custom', path: [parameter], message, input: query });
  };
  const fields = ['service', 'spanName', 'status', 'minDuration', 'maxDuration'] as const;
  const given = fields.find((field) => query[field] !== undefined);
  const field = given ?? (query.attribute.length > 0 ? 'attribute' : undefined);
  if (q !== undefined && field !== undefined) refuse(field, `expected q or ${field}, not both`);
  checkBounds(query, ['minDuration', 'maxDuration'], context);
  if (start !== undefined && end !== undefined && start >= end) {
    refuse('end', 'expected end to be after start');
  }
}

function checkTraceConditions(query: TotalQuery, context: z.core.$RefinementCtx): void {
  checkConditions(query, context);
  checkBounds(query, ['traceMinDuration', 'traceMaxDuration'], context);
  checkBounds(query, ['traceMinSpans', 'traceMaxSpans'], context);
}

/** Refuses an upper bound that is below the lower one. */
function checkBounds<Min extends string, Max extends string>(
  query: { readonly [Name in Min | Max]?: bigint | number | undefined },
  [min, max]: readonly [Min, Max],
  context: z.core.$RefinementCtx,
): void {
  const [lower, upper] = [query[min], query[max]];
  if (lower === undefined || upper === undefined || lower <= upper) return;
  const message = `expected ${max} to be at least ${min}`;
  context.issues.push({ code: 'custom', path: [max], message, input: query });
}

const traceConditions = {
  ...spanConditions,
  traceMinDuration: duration.optional(),
  traceMaxDuration: duration.optional(),
  traceMinSpans: wholeNumber.optional(),
  traceMaxSpans: wholeNumber.optional(),
  traceService: textList.refine(
    (names) => names.every((name) => name !== ''),
    'expected a text that is not empty',
  ),
  traceHasError: truth.optional(),
};

export const totalQuery: z.ZodType<TotalQuery> = z
  .strictObject(traceConditions)
  .superRefine(checkTraceConditions);

const searchParameters = {
  ...traceConditions,
  order: z.enum(SEARCH_ORDERS).optional(),
  cursor: z.string().min(1).optional(),
};

export const searchQuery: z.ZodType<SearchQuery> = z
  .strictObject({ ...searchParameters, limit })
  .superRefine(checkTraceConditions);

/** The same where traces come one a line. */
export const traceStreamQuery: z.ZodType<SearchQuery> = z
  .strictObject({ ...searchParameters, limit: streamLimit })
  .superRefine(checkTraceConditions);

const decimal = z.string().regex(/^\d+$/);
const count = z.int().nonnegative();

export const searchResponse: z.ZodType<SearchResponse> = z.object({
  traces: z.array(
    z.object({
      traceId: z.string(),
      rootService: z.string(),
      rootSpanName: z.string(),
      startUnixNano: decimal,
      durationNano: decimal,
      spanCount: count,
      errorCount: count,
      services: z.array(z.object({ service: z.string(), spanCount: count, errorCount: count })),
      matchedStartUnixNano: decimal,
      matchedSpanId: z.string(),
    }),
  ),
  scanned: z.object({ startUnixNano: decimal.optional(), traceCount: count, spanCount: count }),
  nextCursor: z.string().optional(),
});

/** How many traces a search finds. */
export interface TotalResponse {
  readonly traceCount: number;
  /** Otherwise it is an estimate. */
  readonly isExact: boolean;
}

export const totalResponse: z.ZodType<TotalResponse> = z.object({
  traceCount: count,
  isExact: z.boolean(),
});

/** A picture of a search: how many matching spans began when, and how long they took. */
export interface HistogramQuery extends SpanConditions {
  /** Nanoseconds; written with a unit in the URL: `15s`. Such that there are some 240 intervals when it is absent. */
  readonly step?: bigint | undefined;
}

export interface HistogramCellJson {
  /** Counted from 0. */
  readonly interval: number;
  /** Durations are up to this, and more than half of it; 0 of spans that took no time. */
  readonly maxDurationNano: string;
  readonly spanCount: number;
  /** Of these, those that failed. */
  readonly errorCount: number;
}

export interface HistogramResponse {
  /** Where the first interval begins, and how long each is. */
  readonly startUnixNano: string;
  readonly stepNano: string;
  /** Those that have spans, by interval and then by duration. */
  readonly cells: readonly HistogramCellJson[];
}

export const histogramQuery: z.ZodType<HistogramQuery> = z
  .strictObject({ ...spanConditions, step: duration.optional() })
  .superRefine(checkConditions);

export const histogramResponse: z.ZodType<HistogramResponse> = z.object({
  startUnixNano: decimal,
  stepNano: decimal,
  cells: z.array(
    z.object({
      interval: count,
      maxDurationNano: decimal,
      spanCount: count,
      errorCount: count,
    }),
  ),
});

import { z } from 'zod';
import type { ErrorResponse } from './api-error.ts';
import type { EventOf } from './route.ts';
import { checkConditions, limit, spanConditions, spanFilter, streamLimit } from './search.ts';
import type { SpanConditions } from './search.ts';
import { attributes, decimal, spanId, spanKind, spanStatus, traceId } from './trace-json.ts';
import type { AttributeJson, SpanJson } from './trace-json.ts';

/** Which spans to find. Of a `q` that relates spans, those that it yields: the right-hand ones. */
export interface SpanSearchQuery extends SpanConditions {
  /** Newest first when it is absent and `q` says nothing else; durations are the spans' own. */
  readonly order?: SpanOrder | undefined;
  /** Spans in one answer, 1 to 1,000. */
  readonly limit: number;
  /** From `nextCursor` of the answer before. */
  readonly cursor?: string | undefined;
}

export const SPAN_ORDERS = ['newest', 'oldest', 'slowest', 'fastest'] as const;
export type SpanOrder = (typeof SPAN_ORDERS)[number];

/** A span as a row of a list. */
export interface FoundSpanJson extends Pick<
  SpanJson,
  | 'spanId'
  | 'parentSpanId'
  | 'name'
  | 'kind'
  | 'startUnixNano'
  | 'durationNano'
  | 'status'
  | 'statusMessage'
  | 'attributes'
> {
  readonly traceId: string;
  readonly service: string;
  readonly resourceAttributes: readonly AttributeJson[];
}

export interface SpanSearchResponse {
  /**
   * In the order that was asked for, newest start first by default; equal ones by start, trace id, then span id, in the same
   * direction. Each once, however often it was sent.
   */
  readonly spans: readonly FoundSpanJson[];
  /** Continues after the last span; absent when there are no more. */
  readonly nextCursor?: string | undefined;
}

/** Which spans to follow: what can be said of a span by itself. */
export interface SpanTailQuery extends Omit<SpanConditions, 'start' | 'end'> {
  /** Of the spans that are there when the tail begins, so many of the newest are sent first: 0 to 1,000. */
  readonly backlog: number;
  /** When more arrive in a second, the newest are sent and the others skipped: 1 to 1,000. */
  readonly maxSpansPerSecond: number;
}

/** What a tail sends. */
export interface SpanTailEvents {
  readonly span: FoundSpanJson;
  readonly skipped: { readonly atLeast: number };
  readonly error: ErrorResponse;
}

export type SpanTailEvent = EventOf<SpanTailEvents>;

const searchParameters = {
  ...spanConditions,
  order: z.enum(SPAN_ORDERS).optional(),
  cursor: z.string().min(1).optional(),
};

export const spanSearchQuery: z.ZodType<SpanSearchQuery> = z
  .strictObject({ ...searchParameters, limit })
  .superRefine(checkConditions);

/** The same where spans come one a line. */
export const spanStreamQuery: z.ZodType<SpanSearchQuery> = z
  .strictObject({ ...searchParameters, limit: streamLimit })
  .superRefine(checkConditions);

export const foundSpanJson: z.ZodType<FoundSpanJson> = z.object({
  traceId,
  spanId,
  parentSpanId: spanId.optional(),
  service: z.string(),
  name: z.string(),
  kind: spanKind,
  startUnixNano: decimal,
  durationNano: decimal,
  status: spanStatus,
  statusMessage: z.string(),
  attributes,
  resourceAttributes: attributes,
});

export const spanSearchResponse: z.ZodType<SpanSearchResponse> = z.object({
  spans: z.array(foundSpanJson),
  nextCursor: z.string().optional(),
});

export const spanTailQuery: z.ZodType<SpanTailQuery> = z
  .strictObject({
    ...spanFilter,
    backlog: wholeNumber({ from: 0, to: 1000, fallback: 20 }),
    maxSpansPerSecond: wholeNumber({ from: 1, to: 1000, fallback: 100 }),
  })
  .superRefine(checkConditions);

function wholeNumber({
  from,
  to,
  fallback,
}: Readonly<Record<'from' | 'to' | 'fallback', number>>): z.ZodType<number> {
  const message = `expected a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .optional()
    .transform((digits) => (digits === undefined ? fallback : Number(digits)))
    .refine((value) => value >= from && value <= to, message);
}

export const skippedSpans: z.ZodType<SpanTailEvents['skipped']> = z.object({
  atLeast: z.int().positive(),
});

import { z } from 'zod';
import { duration, unixNano } from './parameters.ts';
import { attributeValueJson } from './trace-json.ts';
import type { AttributeValueJson } from './trace-json.ts';

/** Series that a TraceQL query computes of the spans of a time. */
export interface MetricsRangeQuery {
  readonly q: string;
  /** Nanoseconds since 1970, inclusive and exclusive; the last hour when both are absent. */
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
  /** Nanoseconds; written with a unit in the URL: `15s`. Such that there are some 240 intervals when it is absent. */
  readonly step?: bigint | undefined;
}

export type MetricsInstantQuery = Omit<MetricsRangeQuery, 'step'>;

export interface LabelJson {
  readonly name: string;
  /** Of type `empty` for spans that have no such thing. */
  readonly value: AttributeValueJson;
}

export interface SeriesJson {
  readonly labels: readonly LabelJson[];
  /** A number an interval; null where there is nothing to tell. Durations are seconds. */
  readonly values: readonly (number | null)[];
}

export interface MetricsRangeResponse {
  /** Where the first interval begins, and how long each is. */
  readonly startUnixNano: string;
  readonly stepNano: string;
  readonly series: readonly SeriesJson[];
}

export interface MetricsInstantResponse {
  readonly series: readonly { readonly labels: readonly LabelJson[]; readonly value: number }[];
}

const q = z.string().min(1);

export const metricsRangeQuery: z.ZodType<MetricsRangeQuery> = z
  .strictObject({
    q,
    start: unixNano.optional(),
    end: unixNano.optional(),
    step: duration.optional(),
  })
  .refine(({ start, end }) => start === undefined || end === undefined || start < end, {
    path: ['end'],
    message: 'expected end to be after start',
  });

export const metricsInstantQuery: z.ZodType<MetricsInstantQuery> = z
  .strictObject({ q, start: unixNano.optional(), end: unixNano.optional() })
  .refine(({ start, end }) => start === undefined || end === undefined || start < end, {
    path: ['end'],
    message: 'expected end to be after start',
  });

const labels = z.array(z.object({ name: z.string(), value: attributeValueJson }));

export const metricsRangeResponse: z.ZodType<MetricsRangeResponse> = z.object({
  startUnixNano: z.string().regex(/^\d+$/),
  stepNano: z.string().regex(/^\d+$/),
  series: z.array(z.object({ labels, values: z.array(z.number().nullable()) })),
});

export const metricsInstantResponse: z.ZodType<MetricsInstantResponse> = z.object({
  series: z.array(z.object({ labels, value: z.number() })),
});

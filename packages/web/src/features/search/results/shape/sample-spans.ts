/**
 * The spans that stand for a trace of too many to load for a picture of a few pixels: the 200 longest, which are the frame that the
 * others lie in, and of the failed ones the 50 longest, which would be missed.
 */
import type { ClewClient, TraceSummaryJson } from '@clew/api';
import { compareField, intrinsicField, printQuery, searchOfConditions } from '@clew/traceql';
import { spanKey } from '../span-key.ts';

export const LONGEST_SPANS = 200;
export const LONGEST_FAILED = 50;

export interface SampledSpan {
  readonly service: string;
  readonly startUnixNano: bigint;
  readonly durationNano: bigint;
  readonly isFailed: boolean;
}

export type SampledTrace = Pick<
  TraceSummaryJson,
  'traceId' | 'spanCount' | 'errorCount' | 'startUnixNano' | 'durationNano'
>;

/** Asks the server for them, which puts the trace's spans in order; each comes once. */
export async function readSample(
  client: Pick<ClewClient, 'searchSpans'>,
  trace: SampledTrace,
  signal: AbortSignal,
): Promise<readonly SampledSpan[]> {
  const ofTrace = compareField('=', intrinsicField('trace:id'), {
    type: 'string',
    value: trace.traceId,
  });
  const failed = compareField('=', intrinsicField('span:status'), {
    type: 'status',
    value: 'error',
  });
  const start = BigInt(trace.startUnixNano);
  const ask = async (conditions: Parameters<typeof searchOfConditions>[0], limit: number) => {
    const q = printQuery(searchOfConditions(conditions));
    const end = String(start + BigInt(trace.durationNano) + 1n);
    const within = { start: trace.startUnixNano, end };
    const query = { q, order: 'slowest', limit: String(limit), ...within };
    return (await client.searchSpans(query, { signal })).spans;
  };
  const longest = await ask([ofTrace], LONGEST_SPANS);
  const hasFailed = trace.errorCount > 0;
  const found = [...longest, ...(hasFailed ? await ask([ofTrace, failed], LONGEST_FAILED) : [])];
  return [...new Map(found.map((span) => [spanKey(span), span])).values()].map((span) => ({
    service: span.service,
    startUnixNano: BigInt(span.startUnixNano),
    durationNano: BigInt(span.durationNano),
    isFailed: span.status === 'error',
  }));
}

/** The same of spans that are all here. */
export function chooseSample(spans: readonly SampledSpan[]): readonly SampledSpan[] {
  const longestFirst = spans.toSorted((a, b) => (a.durationNano < b.durationNano ? 1 : -1));
  const failed = longestFirst.filter(({ isFailed }) => isFailed).slice(0, LONGEST_FAILED);
  return [...new Set([...longestFirst.slice(0, LONGEST_SPANS), ...failed])];
}

import { latencyBucket, mergeSketches } from '@clew/model';
import type { LatencySketch, SpanKind, SpanStatus } from '@clew/model';
import type { CannedTraceReader } from '../../../query/testing/canned-trace-reader.ts';
import type { ServiceEdge, SpanRate } from '../../../query/trace-queries.ts';

/** Spans of one kind that began in one minute, all of the same length. */
export interface CountedSpans {
  /** Since 1970. */
  readonly minute: number;
  readonly service: string;
  readonly spanName: string;
  readonly spanKind: SpanKind;
  readonly status: SpanStatus;
  readonly spanCount: number;
  /** How many each of them stands for. */
  readonly weight?: number;
  readonly seconds: number;
}

export interface CountedCalls {
  readonly minute: number;
  readonly client: string;
  readonly server: string;
  readonly connection: ServiceEdge['connection'];
  readonly callCount: number;
  readonly errorCount: number;
  readonly clientSeconds: number;
  readonly serverSeconds: number;
}

const MINUTE_NANO = 60_000_000_000n;

interface Range {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly stepNano?: bigint | undefined;
}

/** Lets a canned reader answer with what was counted, as the store would. */
export function serveCounts(
  reader: CannedTraceReader,
  { spans = [], calls = [] }: { spans?: readonly CountedSpans[]; calls?: readonly CountedCalls[] },
): void {
  reader.readSpanRates = (request) => {
    reader.rateRequests.push(request);
    const { services, kinds, groupBy } = request;
    const rates = new Map<string, SpanRate>();
    for (const each of spans) {
      const interval = intervalOf(each.minute, request);
      const isOther = services?.includes(each.service) === false;
      if (interval === undefined || isOther || kinds?.includes(each.spanKind) === false) continue;
      const group = Object.fromEntries(groupBy.map((name) => [name, each[name]]));
      const key = JSON.stringify([interval, group]);
      const known = rates.get(key) ?? { ...group, ...NOTHING, interval };
      rates.set(key, addSpans(known, each));
    }
    return Promise.resolve([...rates.values()]);
  };
  reader.readServiceEdges = (request) => {
    reader.edgeRequests.push(request);
    const edges = new Map<string, ServiceEdge>();
    for (const { minute, clientSeconds, serverSeconds, ...each } of calls) {
      const interval = intervalOf(minute, request);
      if (interval === undefined) continue;
      const { client, server, connection, callCount, errorCount } = each;
      const key = JSON.stringify([interval, client, server, connection]);
      const known = edges.get(key);
      const count = BigInt(callCount);
      edges.set(key, {
        interval,
        client,
        server,
        connection,
        callCount: (known?.callCount ?? 0) + callCount,
        weight: (known?.weight ?? 0) + callCount,
        errorCount: (known?.errorCount ?? 0) + errorCount,
        clientDurationNano: (known?.clientDurationNano ?? 0n) + nanosOf(clientSeconds) * count,
        serverDurationNano: (known?.serverDurationNano ?? 0n) + nanosOf(serverSeconds) * count,
        latency: mergeSketches([known?.latency ?? NONE, sketchOf(clientSeconds, callCount)]),
      });
    }
    return Promise.resolve([...edges.values()]);
  };
}

const NONE: LatencySketch = { buckets: [], weights: [] };
const NOTHING = { spanCount: 0, weight: 0, durationNano: 0n, latency: NONE };

function addSpans(rate: SpanRate, { spanCount, weight = 1, seconds }: CountedSpans): SpanRate {
  return {
    ...rate,
    spanCount: rate.spanCount + spanCount,
    weight: rate.weight + spanCount * weight,
    durationNano: rate.durationNano + nanosOf(seconds) * BigInt(spanCount),
    latency: mergeSketches([rate.latency, sketchOf(seconds, spanCount * weight)]),
  };
}

function sketchOf(seconds: number, weight: number): LatencySketch {
  const nanos = nanosOf(seconds);
  const bucket = latencyBucket(Number(nanos & 0xff_ff_ff_ffn), Number(nanos >> 32n));
  return { buckets: [bucket], weights: [weight] };
}

function nanosOf(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}

function intervalOf(
  minute: number,
  { startUnixNano, endUnixNano, stepNano }: Range,
): number | undefined {
  const at = BigInt(minute) * MINUTE_NANO;
  if (at < startUnixNano || at >= endUnixNano) return undefined;
  return stepNano === undefined ? 0 : Number((at - startUnixNano) / stepNano);
}

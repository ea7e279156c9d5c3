import { SPAN_STATUSES } from '@clew/model';
import type { TraceColumns } from '@clew/model';
import { serviceColorIndex } from '../../../../base/service-color.ts';
import type { SampledSpan, SampledTrace } from './sample-spans.ts';

/** A trace's waterfall as small as a word: of each span where it begins and ends, and what it belongs to. */
export interface Shape {
  /** Shares of the trace's duration, 0 to 1; spans in the order in which they began. */
  readonly starts: Float32Array;
  readonly ends: Float32Array;
  /** `serviceColorIndex` of the span's service. */
  readonly colors: Uint8Array;
  /** 1 where the span failed. */
  readonly errors: Uint8Array;
}

export function shapeOf(trace: TraceColumns): Shape {
  const { spanCount, startsNs, durationsNs, statuses, serviceIndexes, services } = trace;
  const colorByService = services.map(serviceColorIndex);
  const starts = new Float32Array(spanCount);
  const ends = new Float32Array(spanCount);
  const errorStatus = SPAN_STATUSES.indexOf('error');
  let durationNs = 1;
  for (let i = 0; i < spanCount; i++) {
    durationNs = Math.max(durationNs, (startsNs[i] ?? 0) + (durationsNs[i] ?? 0));
  }
  for (let i = 0; i < spanCount; i++) {
    starts[i] = (startsNs[i] ?? 0) / durationNs;
    ends[i] = ((startsNs[i] ?? 0) + (durationsNs[i] ?? 0)) / durationNs;
  }
  return {
    starts,
    ends,
    colors: Uint8Array.from(serviceIndexes, (service) => colorByService[service] ?? 0),
    errors: Uint8Array.from(statuses, (status) => (status === errorStatus ? 1 : 0)),
  };
}

/** The same of the spans that stand for a trace. */
export function shapeOfSample(trace: SampledTrace, spans: readonly SampledSpan[]): Shape {
  const start = BigInt(trace.startUnixNano);
  const durationNs = Math.max(1, Number(trace.durationNano));
  const inOrder = spans.toSorted((a, b) => Number(a.startUnixNano - b.startUnixNano));
  const share = (unixNano: bigint) =>
    Math.min(1, Math.max(0, Number(unixNano - start) / durationNs));
  return {
    starts: Float32Array.from(inOrder, ({ startUnixNano }) => share(startUnixNano)),
    ends: Float32Array.from(inOrder, ({ startUnixNano, durationNano }) =>
      share(startUnixNano + durationNano),
    ),
    colors: Uint8Array.from(inOrder, ({ service }) => serviceColorIndex(service)),
    errors: Uint8Array.from(inOrder, ({ isFailed }) => (isFailed ? 1 : 0)),
  };
}

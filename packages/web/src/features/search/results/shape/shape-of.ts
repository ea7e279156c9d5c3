import { SPAN_STATUSES } from '@clew/model';
import type { TraceColumns } from '@clew/model';
import { serviceColorIndex } from '../../../../base/service-color.ts';

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

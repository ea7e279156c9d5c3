import type { TraceColumns } from '@clew/model';

/** The moments of all events: those of span `i` are at `firsts[i]` up to `firsts[i + 1]`, ordered by time. */
export interface EventMarks {
  readonly firsts: Uint32Array;
  readonly offsetsNs: Float64Array;
  /** Where the event stands among those of the trace's columns: in its span's order of sending. */
  readonly sources: Uint32Array;
  /** 1 where the event is an exception (OpenTelemetry semantic conventions: an event of that name). */
  readonly exceptions: Uint8Array;
}

/** Puts the events of each span in order of time, so that drawing finds the visible ones by binary search. */
export function collectEvents(columns: TraceColumns): EventMarks {
  const { spanCount, eventFirsts, eventTimesNs, eventNameIndexes, eventNames } = columns;
  const sources = Uint32Array.from(eventTimesNs.keys());
  for (let index = 0; index < spanCount; index++) {
    const from = eventFirsts[index] ?? 0;
    const to = eventFirsts[index + 1] ?? 0;
    if (to - from > 1) {
      sources
        .subarray(from, to)
        .sort((a, b) => (eventTimesNs[a] ?? 0) - (eventTimesNs[b] ?? 0) || a - b);
    }
  }
  const exception = eventNames.indexOf('exception');
  return {
    firsts: eventFirsts,
    offsetsNs: Float64Array.from(sources, (at) => eventTimesNs[at] ?? 0),
    sources,
    exceptions: Uint8Array.from(sources, (at) => (eventNameIndexes[at] === exception ? 1 : 0)),
  };
}

/** What the view needs of a span event. */
export interface EventSource {
  /** Decimal digits. */
  readonly timeUnixNano: string;
  readonly name: string;
}

/** The moments of all events: those of span `i` are at `firsts[i]` up to `firsts[i + 1]`, ordered by time. */
export interface EventMarks {
  readonly firsts: Uint32Array;
  readonly offsetsNs: Float64Array;
  /** Index of the event in its span's list, which need not be in order of time. */
  readonly eventIndexes: Uint32Array;
  /** 1 where the event is an exception (OpenTelemetry semantic conventions: an event of that name). */
  readonly exceptions: Uint8Array;
}

/** Lays the events of all spans into one array, so that drawing finds the visible ones by binary search. */
export function collectEvents(
  spans: readonly { readonly events: readonly EventSource[] }[],
  startUnixNano: bigint,
): EventMarks {
  const firsts = new Uint32Array(spans.length + 1);
  let total = 0;
  spans.forEach((span, index) => {
    firsts[index] = total;
    total += span.events.length;
  });
  firsts[spans.length] = total;
  const offsetsNs = new Float64Array(total);
  const eventIndexes = new Uint32Array(total);
  const exceptions = new Uint8Array(total);
  spans.forEach(({ events }, index) => {
    if (events.length === 0) return;
    const offsets = events.map((event) => Number(BigInt(event.timeUnixNano) - startUnixNano));
    const order = [...offsets.keys()].sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
    order.forEach((eventIndex, position) => {
      const at = (firsts[index] ?? 0) + position;
      offsetsNs[at] = offsets[eventIndex] ?? 0;
      eventIndexes[at] = eventIndex;
      exceptions[at] = events[eventIndex]?.name === 'exception' ? 1 : 0;
    });
  });
  return { firsts, offsetsNs, eventIndexes, exceptions };
}

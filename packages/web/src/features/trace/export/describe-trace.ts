import { formatDateTime, formatUtcOffset } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { formatCounted, formatDuration } from '../../../base/format.ts';
import { isolatedText } from '../../../base/visible-text.ts';
import type { Caption } from '../../../canvas/picture/caption.ts';
import { messages } from '../../../messages/messages.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';

const NANOS_PER_MS = 1_000_000n;

/** What a picture of a trace says on top: which trace it is, and when that was. */
export function describeTrace(view: TraceView, zone: TimeZone): Caption {
  const shown = findTitleSpan(view);
  const startMs = Number(view.startUnixNano / NANOS_PER_MS);
  const name = nameOf(view, shown);
  return {
    title: `${name === '' ? messages.trace.noName : isolatedText(name)} · ${isolatedText(serviceOf(view, shown))}`,
    facts: messages.exported.facts([
      formatDuration(view.durationNs),
      `${formatDateTime(startMs, zone)} ${formatUtcOffset(startMs, zone)}`,
      formatCounted(view.spanCount, 'span'),
      messages.exported.traceId(view.traceId),
    ]),
  };
}

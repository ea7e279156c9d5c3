/**
 * What Jaeger does to a trace that it shows, unless it is asked for the raw one: its steps in its order. Dropping copies of a span,
 * which is one of them, has been done where the trace was put together.
 */
import { setImmediate } from 'node:timers/promises';
import type { Span } from '@clew/model';
import type { AdjustedSpan, Adjuster } from './adjusted-span.ts';
import { createClockSkewCorrection } from './correct-clock-skew.ts';
import { moveLibraryAttributes } from './move-library-attributes.ts';
import { normalizeIpAttributes } from './normalize-ip-attributes.ts';
import { removeEmptyLinks } from './remove-empty-links.ts';
import { separateSharedIds } from './separate-shared-ids.ts';
import { sortCollections } from './sort-collections.ts';

/** `maxClockSkewNano` is the most that a span's times are moved by; 0 moves none. */
export function createStandardAdjusters(maxClockSkewNano: bigint): readonly Adjuster[] {
  return [
    separateSharedIds,
    sortCollections,
    createClockSkewCorrection(maxClockSkewNano),
    normalizeIpAttributes,
    moveLibraryAttributes,
    removeEmptyLinks,
  ];
}

/** Of more spans than these, a step takes long enough for others to get a turn after it. */
const MANY_SPANS = 5000;

/** Does one step after the other. */
export async function adjustSpans(
  spans: readonly AdjustedSpan[],
  steps: readonly Adjuster[],
): Promise<readonly AdjustedSpan[]> {
  let adjusted = spans;
  for (const step of steps) {
    adjusted = step(adjusted);
    if (spans.length > MANY_SPANS) await setImmediate();
  }
  return adjusted;
}

/** Spans as they are stored. */
export function unadjusted(spans: readonly Span[]): readonly AdjustedSpan[] {
  return spans.map((span) => ({ span, warnings: [] }));
}

import type { SpanStatus } from '../span.ts';
import { findAttributeChanges } from './attribute-changes.ts';
import type { AttributeChange } from './attribute-changes.ts';
import type { DiffSpan, MeasuredTrace } from './measured-trace.ts';

/** Two spans that are the same work. Indexes name them, because span ids may come twice. */
export interface SpanMatch {
  readonly baseIndex: number;
  readonly otherIndex: number;
  readonly groupId: number;
  readonly durationDifferenceNano: bigint;
  readonly selfTimeDifferenceNano: bigint;
  /** `undefined` when status and message are alike. */
  readonly status: StatusChange | undefined;
  /** Sorted by key. */
  readonly attributes: readonly AttributeChange[];
}

export interface StatusChange {
  readonly base: { readonly status: SpanStatus; readonly message: string };
  readonly other: { readonly status: SpanStatus; readonly message: string };
}

/** Compares spans with their partners, in the order of the base's tree; `partners` is what `matchSpans` says. */
export function comparePartners(
  base: MeasuredTrace,
  other: MeasuredTrace,
  partners: Int32Array,
): readonly SpanMatch[] {
  const matched: SpanMatch[] = [];
  for (const baseIndex of base.tree.order) {
    const otherIndex = partners[baseIndex] ?? -1;
    const baseSpan = base.spans[baseIndex];
    const otherSpan = other.spans[otherIndex];
    if (baseSpan === undefined || otherSpan === undefined) continue;
    const baseSelfTime: bigint = base.selfTimes[baseIndex] ?? 0n;
    const otherSelfTime: bigint = other.selfTimes[otherIndex] ?? 0n;
    matched.push({
      baseIndex,
      otherIndex,
      groupId: base.groupIds[baseIndex] ?? 0,
      durationDifferenceNano: otherSpan.durationNano - baseSpan.durationNano,
      selfTimeDifferenceNano: otherSelfTime - baseSelfTime,
      status: findStatusChange(baseSpan, otherSpan),
      attributes: findAttributeChanges(baseSpan.attributes, otherSpan.attributes),
    });
  }
  return matched;
}

function findStatusChange(base: DiffSpan, other: DiffSpan): StatusChange | undefined {
  if (base.status === other.status && base.statusMessage === other.statusMessage) return undefined;
  return {
    base: { status: base.status, message: base.statusMessage },
    other: { status: other.status, message: other.statusMessage },
  };
}

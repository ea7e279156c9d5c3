import type { SpanStatus } from '../span.ts';
import { findAttributeChanges } from './attribute-changes.ts';
import type { AttributeChange } from './attribute-changes.ts';
import type { TraceComparison } from './compare-columns.ts';
import type { DiffSpan } from './diff-columns.ts';

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

/** Compares spans with their partners, in the order of the base's tree. */
export function comparePartners(
  { base, other }: TraceComparison,
  baseSpans: readonly DiffSpan[],
  otherSpans: readonly DiffSpan[],
): readonly SpanMatch[] {
  const matched: SpanMatch[] = [];
  for (const baseIndex of base.tree.order) {
    const otherIndex = base.partners[baseIndex] ?? -1;
    const baseSpan = baseSpans[baseIndex];
    const otherSpan = otherSpans[otherIndex];
    if (baseSpan === undefined || otherSpan === undefined) continue;
    const baseSelfNs = base.selfTimesNs[baseIndex] ?? 0;
    const otherSelfNs = other.selfTimesNs[otherIndex] ?? 0;
    matched.push({
      baseIndex,
      otherIndex,
      groupId: base.groupIds[baseIndex] ?? 0,
      durationDifferenceNano: otherSpan.durationNano - baseSpan.durationNano,
      selfTimeDifferenceNano: BigInt(otherSelfNs - baseSelfNs),
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

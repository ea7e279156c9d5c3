import type { Resource } from '../span.ts';
import { findAttributeChanges } from './attribute-changes.ts';
import type { AttributeChange } from './attribute-changes.ts';
import type { DiffSpan } from './diff-columns.ts';
import type { SpanMatch } from './span-match.ts';

/** What changed of who did the same work: the version of a service, its host. */
export interface ResourceDiff {
  readonly service: string;
  /** How many pairs of spans are of these two resources. */
  readonly matchedCount: number;
  /** Sorted by key. */
  readonly attributes: readonly AttributeChange[];
}

/** The resources that differ between partners, those of most spans first. Spans share resources, so there are few. */
export function compareResources(
  base: readonly DiffSpan[],
  other: readonly DiffSpan[],
  matched: readonly SpanMatch[],
): readonly ResourceDiff[] {
  const countsByBase = new Map<Resource, Map<Resource, number>>();
  for (const { baseIndex, otherIndex } of matched) {
    const baseResource = base[baseIndex]?.resource;
    const otherResource = other[otherIndex]?.resource;
    if (baseResource === undefined || otherResource === undefined) continue;
    const counts = countsByBase.get(baseResource) ?? new Map<Resource, number>();
    countsByBase.set(baseResource, counts);
    counts.set(otherResource, (counts.get(otherResource) ?? 0) + 1);
  }
  const diffs: ResourceDiff[] = [];
  for (const [{ service, attributes }, counts] of countsByBase) {
    for (const [otherResource, matchedCount] of counts) {
      const changes = findAttributeChanges(attributes, otherResource.attributes);
      if (changes.length > 0) diffs.push({ service, matchedCount, attributes: changes });
    }
  }
  return diffs.sort((a, b) => b.matchedCount - a.matchedCount);
}

import type {
  AttributeChangeJson,
  GroupDiffJson,
  GroupSideJson,
  SpanMatchJson,
  TraceDiffJson,
  UnmatchedSpanJson,
} from '@clew/api';
import { assert, diffTraces } from '@clew/model';
import type {
  AttributeChange,
  DiffSide,
  GroupDiff,
  GroupSide,
  Span,
  SpanMatch,
  StatusChange,
  Trace,
  UnmatchedSpan,
} from '@clew/model';
import { attributeValueToJson } from '@clew/api';

/** What an answer lists at most. Counts tell how much there is. */
export interface DiffLimits {
  /** Items of each list of spans, groups and resources. */
  readonly items: number;
  /** Changed attributes of one item. */
  readonly changes: number;
  /** Characters of JSON of all changed attributes together. */
  readonly changesLength: number;
}

const LIMITS: DiffLimits = { items: 10_000, changes: 64, changesLength: 16 * 1024 * 1024 };

const MAX_MESSAGE_LENGTH = 1000;

/** Compares two traces, and shows as much of the outcome as `limits` allow. */
export function diffToJson(base: Trace, other: Trace, limits: DiffLimits = LIMITS): TraceDiffJson {
  const diff = diffTraces(base.spans, other.spans);
  const { groups, resources, removed, added } = diff;
  const matched = diff.matched.toSorted(compareBySelfTime);
  const list = new LimitedLists(limits);
  return {
    base: sideToJson(base, diff.base),
    other: sideToJson(other, diff.other),
    durationDifferenceNano: diff.durationDifferenceNano.toString(),
    counts: { ...diff.counts, groups: groups.length, resources: resources.length },
    // In this order lists take from the length that changes may have together.
    groups: list.items(groups, (group) => groupToJson(group, list)),
    resources: list.items(resources, ({ service, matchedCount, attributes }) => ({
      service,
      matchedCount,
      ...list.changes(attributes, changeToJson),
    })),
    matched: list.items(matched, (match) => matchToJson(match, { base, other, list })),
    removed: list.items(removed, (span) => unmatchedToJson(span, base)),
    added: list.items(added, (span) => unmatchedToJson(span, other)),
    // Last, when all are listed.
    isCut: list.isCut,
  };
}

/** Cuts lists, and remembers that it did. */
class LimitedLists {
  isCut = false;
  readonly #limits: DiffLimits;
  #changesLength = 0;

  constructor(limits: DiffLimits) {
    this.#limits = limits;
  }

  items<Item, Json>(items: readonly Item[], toJson: (item: Item) => Json): Json[] {
    const { items: limit } = this.#limits;
    if (items.length > limit) this.isCut = true;
    return items.slice(0, limit).map(toJson);
  }

  changes<Change, Json extends AttributeChangeJson>(
    changes: readonly Change[],
    toJson: (change: Change) => Json,
  ): { attributes: Json[]; attributeChangeCount: number } {
    const attributes: Json[] = [];
    for (const change of changes) {
      if (attributes.length === this.#limits.changes) break;
      const json = toJson(change);
      this.#changesLength += JSON.stringify(json).length;
      if (this.#changesLength > this.#limits.changesLength) break;
      attributes.push(json);
    }
    if (attributes.length < changes.length) this.isCut = true;
    return { attributes, attributeChangeCount: changes.length };
  }
}

function compareBySelfTime(a: SpanMatch, b: SpanMatch): number {
  return Math.abs(Number(b.selfTimeDifferenceNano)) - Math.abs(Number(a.selfTimeDifferenceNano));
}

function sideToJson({ traceId }: Trace, side: DiffSide): TraceDiffJson['base'] {
  return {
    traceId,
    spanCount: side.spanCount,
    durationNano: side.durationNano.toString(),
    idleNano: side.idleNano.toString(),
  };
}

function groupToJson({ parentId, ...group }: GroupDiff, list: LimitedLists): GroupDiffJson {
  return {
    ...group,
    ...(parentId === undefined ? {} : { parentId }),
    base: groupSideToJson(group.base),
    other: groupSideToJson(group.other),
    durationDifferenceNano: group.durationDifferenceNano.toString(),
    selfTimeDifferenceNano: group.selfTimeDifferenceNano.toString(),
    shareDifferenceNano: group.shareDifferenceNano.toString(),
    ...list.changes(group.attributes, (change) => ({
      ...changeToJson(change),
      matchedCount: change.matchedCount,
    })),
  };
}

function groupSideToJson(side: GroupSide): GroupSideJson {
  return {
    spanCount: side.spanCount,
    errorCount: side.errorCount,
    durationNano: side.durationNano.toString(),
    selfTimeNano: side.selfTimeNano.toString(),
    shareNano: side.shareNano.toString(),
  };
}

function changeToJson({ key, base, other }: AttributeChange): AttributeChangeJson {
  return {
    key,
    ...(base === undefined ? {} : { base: attributeValueToJson(base) }),
    ...(other === undefined ? {} : { other: attributeValueToJson(other) }),
  };
}

interface MatchContext {
  readonly base: Trace;
  readonly other: Trace;
  readonly list: LimitedLists;
}

function matchToJson(match: SpanMatch, { base, other, list }: MatchContext): SpanMatchJson {
  const baseSpan = spanAt(base, match.baseIndex);
  return {
    ...identityOf(baseSpan),
    baseSpanId: baseSpan.spanId,
    otherSpanId: spanAt(other, match.otherIndex).spanId,
    groupId: match.groupId,
    durationDifferenceNano: match.durationDifferenceNano.toString(),
    selfTimeDifferenceNano: match.selfTimeDifferenceNano.toString(),
    ...(match.status === undefined ? {} : { status: statusToJson(match.status) }),
    ...list.changes(match.attributes, changeToJson),
  };
}

function statusToJson({ base, other }: StatusChange): StatusChange {
  const cut = (message: string): string => message.slice(0, MAX_MESSAGE_LENGTH);
  return {
    base: { status: base.status, message: cut(base.message) },
    other: { status: other.status, message: cut(other.message) },
  };
}

function unmatchedToJson(unmatched: UnmatchedSpan, trace: Trace): UnmatchedSpanJson {
  const span = spanAt(trace, unmatched.index);
  return {
    ...identityOf(span),
    spanId: span.spanId,
    groupId: unmatched.groupId,
    durationNano: span.durationNano.toString(),
    selfTimeNano: unmatched.selfTimeNano.toString(),
    status: span.status,
    isTop: unmatched.isTop,
    descendantCount: unmatched.descendantCount,
  };
}

function identityOf({
  name,
  kind,
  resource: { service },
}: Span): Pick<UnmatchedSpanJson, 'service' | 'name' | 'kind'> {
  return { service, name, kind };
}

function spanAt({ spans }: Trace, index: number): Span {
  const span = spans[index];
  assert(span !== undefined, 'a comparison names spans of the trace');
  return span;
}

/**
 * What differs between two traces, as JSON. Differences are those of the other trace to the base, in nanoseconds: positive
 * where the other one has more. Each list has a limit; the counts are true where a list was cut.
 */
import { z } from 'zod';
import { attributeValueJson, count, decimal, spanId, traceId } from './trace-json.ts';
import type { AttributeValueJson, SpanJson } from './trace-json.ts';

export interface TraceDiffQuery {
  readonly base: string;
  readonly other: string;
}

export interface TraceDiffJson {
  readonly base: DiffSideJson;
  readonly other: DiffSideJson;
  readonly durationDifferenceNano: string;
  readonly counts: DiffCountsJson;
  /** Whether a list of spans or groups, or of what changed in them, is not whole. */
  readonly isCut: boolean;
  /** The same work at the same place in both traces; first what accounts for most of the difference in duration. */
  readonly groups: readonly GroupDiffJson[];
  /** Resources that differ between spans that are the same work; those of most spans first. */
  readonly resources: readonly ResourceDiffJson[];
  /** Spans that are the same work; those first whose self times differ most. */
  readonly matched: readonly SpanMatchJson[];
  /** Spans only in the base, in the order of its tree. */
  readonly removed: readonly UnmatchedSpanJson[];
  /** Spans only in the other trace, in the order of its tree. */
  readonly added: readonly UnmatchedSpanJson[];
}

/** One of the traces as a whole. */
export interface DiffSideJson {
  readonly traceId: string;
  readonly spanCount: number;
  /** From the earliest start to the latest end. */
  readonly durationNano: string;
  /** The part of it during which no span runs. */
  readonly idleNano: string;
}

export interface DiffCountsJson {
  readonly matched: number;
  /** Pairs whose status or attributes differ. */
  readonly changed: number;
  /** Pairs in which the other span took longer, and those in which it took less. */
  readonly slower: number;
  readonly faster: number;
  readonly added: number;
  readonly removed: number;
  readonly groups: number;
  readonly resources: number;
}

/** What a span is, by which it is matched. */
interface IdentityJson {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanJson['kind'];
}

export interface GroupDiffJson extends IdentityJson {
  readonly id: number;
  /** The group of the spans' parents, which may be beyond the limit; absent for a group of roots. */
  readonly parentId?: number | undefined;
  /** 0 for roots. */
  readonly depth: number;
  readonly base: GroupSideJson;
  readonly other: GroupSideJson;
  readonly durationDifferenceNano: string;
  readonly selfTimeDifferenceNano: string;
  /** What the group explains of the difference in duration: with that of the idle time, these add up to it. */
  readonly shareDifferenceNano: string;
  readonly matchedCount: number;
  readonly statusChangeCount: number;
  /** Sorted by key, with the values of the first pair that differs. */
  readonly attributes: readonly GroupAttributeChangeJson[];
  readonly attributeChangeCount: number;
}

/** Sums over the spans of a group. */
export interface GroupSideJson {
  readonly spanCount: number;
  readonly errorCount: number;
  readonly durationNano: string;
  readonly selfTimeNano: string;
  /** Self time, in which a moment that several spans work at counts in equal parts. */
  readonly shareNano: string;
}

export interface AttributeChangeJson {
  readonly key: string;
  /** Absent where there is no such attribute. */
  readonly base?: AttributeValueJson | undefined;
  readonly other?: AttributeValueJson | undefined;
}

export interface GroupAttributeChangeJson extends AttributeChangeJson {
  /** In how many pairs. */
  readonly matchedCount: number;
}

export interface ResourceDiffJson {
  readonly service: string;
  /** How many pairs are of these two resources. */
  readonly matchedCount: number;
  readonly attributes: readonly AttributeChangeJson[];
  readonly attributeChangeCount: number;
}

export interface SpanMatchJson extends IdentityJson {
  readonly baseSpanId: string;
  readonly otherSpanId: string;
  readonly groupId: number;
  readonly durationDifferenceNano: string;
  readonly selfTimeDifferenceNano: string;
  /** Absent when status and message are alike. */
  readonly status?: { readonly base: StatusJson; readonly other: StatusJson } | undefined;
  readonly attributes: readonly AttributeChangeJson[];
  readonly attributeChangeCount: number;
}

interface StatusJson {
  readonly status: SpanJson['status'];
  readonly message: string;
}

export interface UnmatchedSpanJson extends IdentityJson {
  readonly spanId: string;
  readonly groupId: number;
  readonly durationNano: string;
  readonly selfTimeNano: string;
  readonly status: SpanJson['status'];
  /** Whether nothing above it was added or removed, too. */
  readonly isTop: boolean;
  /** How many spans below it were, which follow it. */
  readonly descendantCount: number;
}

const id = z
  .string()
  .regex(/^[0-9a-fA-F]{1,32}$/, 'expected a trace id of 1 to 32 hexadecimal digits');

export const traceDiffQuery: z.ZodType<TraceDiffQuery> = z.strictObject({ base: id, other: id });

const side: z.ZodType<DiffSideJson> = z.object({
  traceId,
  spanCount: count,
  durationNano: decimal,
  idleNano: decimal,
});

const kind = z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']);
const status = z.enum(['unset', 'ok', 'error']);
const identity = { service: z.string(), name: z.string(), kind };

const attributeChange = {
  key: z.string(),
  base: attributeValueJson.optional(),
  other: attributeValueJson.optional(),
};
const attributeChanges = {
  attributes: z.array(z.object(attributeChange)),
  attributeChangeCount: count,
};

const groupSide: z.ZodType<GroupSideJson> = z.object({
  spanCount: count,
  errorCount: count,
  durationNano: decimal,
  selfTimeNano: decimal,
  shareNano: decimal,
});

const group: z.ZodType<GroupDiffJson> = z.object({
  ...identity,
  id: count,
  parentId: count.optional(),
  depth: count,
  base: groupSide,
  other: groupSide,
  durationDifferenceNano: decimal,
  selfTimeDifferenceNano: decimal,
  shareDifferenceNano: decimal,
  matchedCount: count,
  statusChangeCount: count,
  attributes: z.array(z.object({ ...attributeChange, matchedCount: count })),
  attributeChangeCount: count,
});

const statusAndMessage = z.object({ status, message: z.string() });

const match: z.ZodType<SpanMatchJson> = z.object({
  ...identity,
  baseSpanId: spanId,
  otherSpanId: spanId,
  groupId: count,
  durationDifferenceNano: decimal,
  selfTimeDifferenceNano: decimal,
  status: z.object({ base: statusAndMessage, other: statusAndMessage }).optional(),
  ...attributeChanges,
});

const unmatched: z.ZodType<UnmatchedSpanJson> = z.object({
  ...identity,
  spanId,
  groupId: count,
  durationNano: decimal,
  selfTimeNano: decimal,
  status,
  isTop: z.boolean(),
  descendantCount: count,
});

export const traceDiffJson: z.ZodType<TraceDiffJson> = z.object({
  base: side,
  other: side,
  durationDifferenceNano: decimal,
  counts: z.object({
    matched: count,
    changed: count,
    slower: count,
    faster: count,
    added: count,
    removed: count,
    groups: count,
    resources: count,
  }),
  isCut: z.boolean(),
  groups: z.array(group),
  resources: z.array(z.object({ service: z.string(), matchedCount: count, ...attributeChanges })),
  matched: z.array(match),
  removed: z.array(unmatched),
  added: z.array(unmatched),
});

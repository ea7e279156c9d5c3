/** What differs between two traces, as Tempo's `trace-patch-v0`: what turns the one into the other. */
import { buildTraceTree, diffTraces, unreachable } from '@clew/model';
import type {
  AttributeChange,
  AttributeValue,
  Span,
  SpanMatch,
  StatusChange,
  Trace,
  TraceTree,
} from '@clew/model';
import { formatTempoTraceId } from './found-traces.ts';

export interface TracePatch {
  readonly version: 'trace-patch-v0';
  readonly base: PatchSide;
  readonly compare: PatchSide;
  readonly stats: Readonly<Record<string, number | boolean>>;
  readonly modified: readonly { readonly span: SpanPlace; readonly changes: readonly Change[] }[];
  readonly added: readonly WholeSpan[];
  readonly removed: readonly WholeSpan[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

interface PatchSide {
  readonly traceId: string;
  readonly spanCount: number;
}

interface SpanPlace {
  /** Which of its siblings each ancestor is, and the span itself; from the root on, counted from 0. */
  readonly path: readonly number[];
  readonly service: string;
  readonly name: string;
  readonly kind: string;
}

interface Change {
  readonly op: 'add' | 'remove' | 'modify';
  readonly target: Readonly<Record<string, string>>;
  readonly before: unknown;
  readonly after: unknown;
}

interface WholeSpan {
  readonly target: { readonly type: 'span'; readonly path: readonly number[] };
  readonly span: SpanPlace & { readonly duration_nanos: number; readonly status: string };
}

/** Of each list. */
const MAX_ITEMS = 5000;
/** Traces come that are deeper; a path of theirs is cut. */
const MAX_PATH_LENGTH = 200;

export function toTracePatch(base: Trace, compare: Trace): TracePatch {
  const diff = diffTraces(base.spans, compare.spans);
  const [basePlaces, comparePlaces] = [new Places(base), new Places(compare)];
  const modified = diff.matched
    .map((match) => ({ match, changes: changesOf(match, base, compare) }))
    .filter(({ changes }) => changes.length > 0);
  const { added, removed } = diff;
  const changes = modified.flatMap((each) => each.changes);
  const attributeChanges = changes.filter(({ target }) => target['type'] === 'attribute').length;
  const warnings = [...warningsOf(base, 'base'), ...warningsOf(compare, 'compare')];
  return {
    version: 'trace-patch-v0',
    base: sideOf(base),
    compare: sideOf(compare),
    stats: {
      spanCountA: base.spans.length,
      spanCountB: compare.spans.length,
      matchedSpans: diff.counts.matched,
      modifiedSpans: modified.length,
      addedSpans: added.length,
      removedSpans: removed.length,
      fieldChanges: changes.length - attributeChanges,
      attributeChanges,
      eventChanges: 0,
      truncated: [modified, added, removed].some(({ length }) => length > MAX_ITEMS),
    },
    modified: modified.slice(0, MAX_ITEMS).map((each) => ({
      span: comparePlaces.of(each.match.otherIndex),
      changes: each.changes,
    })),
    added: added.slice(0, MAX_ITEMS).map(({ index }) => comparePlaces.wholeSpan(index)),
    removed: removed.slice(0, MAX_ITEMS).map(({ index }) => basePlaces.wholeSpan(index)),
    warnings,
  };
}

function sideOf({ traceId, spans }: Trace): PatchSide {
  return { traceId: formatTempoTraceId(traceId), spanCount: spans.length };
}

function warningsOf({ spans }: Trace, side: string): TracePatch['warnings'] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const isPartial = spans.some(
    ({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId),
  );
  return isPartial
    ? [
        {
          code: 'partial_trace',
          message: `spans of the ${side} trace name parents it does not have`,
        },
      ]
    : [];
}

/** Where the spans of a trace are in its tree. */
class Places {
  readonly #spans: readonly Span[];
  readonly #tree: TraceTree;
  /** Which of its siblings each span is. */
  readonly #ranks: Uint32Array;

  constructor({ spans }: Trace) {
    this.#spans = spans;
    this.#tree = buildTraceTree(spans);
    this.#ranks = new Uint32Array(spans.length);
    const childCounts = new Map<number, number>();
    for (const index of this.#tree.order) {
      const parent = this.#tree.parents[index] ?? -1;
      const rank = childCounts.get(parent) ?? 0;
      this.#ranks[index] = rank;
      childCounts.set(parent, rank + 1);
    }
  }

  of(index: number): SpanPlace {
    const span = this.#spans[index];
    return {
      path: this.#pathOf(index),
      service: span?.resource.service ?? '',
      name: span?.name ?? '',
      kind: span?.kind ?? '',
    };
  }

  wholeSpan(index: number): WholeSpan {
    const span = this.#spans[index];
    const place = this.of(index);
    return {
      target: { type: 'span', path: place.path },
      span: {
        ...place,
        duration_nanos: Number(span?.durationNano ?? 0n),
        status: span?.status ?? 'unset',
      },
    };
  }

  #pathOf(index: number): readonly number[] {
    const path: number[] = [];
    for (
      let at = index;
      at >= 0 && path.length < MAX_PATH_LENGTH;
      at = this.#tree.parents[at] ?? -1
    ) {
      path.push(this.#ranks[at] ?? 0);
    }
    return path.reverse();
  }
}

/** Less is how two runs of the same work differ anyway. */
const MIN_DURATION_CHANGE_NANO = 1_000_000;
const MIN_DURATION_CHANGE_SHARE = 0.05;

function changesOf(match: SpanMatch, base: Trace, compare: Trace): readonly Change[] {
  const before = Number(base.spans[match.baseIndex]?.durationNano ?? 0n);
  const after = Number(compare.spans[match.otherIndex]?.durationNano ?? 0n);
  const least = Math.max(MIN_DURATION_CHANGE_NANO, MIN_DURATION_CHANGE_SHARE * before);
  const duration: Change = {
    op: 'modify',
    target: { type: 'field', name: 'duration_nanos' },
    before,
    after,
  };
  return [
    ...(Math.abs(after - before) >= least ? [duration] : []),
    ...(match.status === undefined ? [] : [statusChange(match.status)]),
    ...match.attributes.map(attributeChange),
  ];
}

function statusChange({ base, other }: StatusChange): Change {
  const target = { type: 'field', name: 'status' };
  return { op: 'modify', target, before: base.status, after: other.status };
}

function attributeChange({ key, base, other }: AttributeChange): Change {
  const op = base === undefined ? 'add' : other === undefined ? 'remove' : 'modify';
  return {
    op,
    target: { type: 'attribute', scope: 'span', key },
    before: plainValue(base),
    after: plainValue(other),
  };
}

function plainValue(value: AttributeValue | undefined): unknown {
  switch (value?.type) {
    case undefined:
    case 'empty':
      return null;
    case 'string':
    case 'bool':
      return value.value;
    case 'int': {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : value.value.toString();
    }
    case 'double':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bytes':
      return Buffer.from(value.value).toString('base64');
    case 'array':
      return value.value.map(plainValue);
    case 'map':
      return Object.fromEntries(value.value.map((each) => [each.key, plainValue(each.value)]));
    default:
      return unreachable(value);
  }
}

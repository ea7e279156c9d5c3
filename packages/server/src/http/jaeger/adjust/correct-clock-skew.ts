/**
 * Moves what another host's clock has put outside of its parent back into it. A span of the same host moves with its parent; one
 * that lasts longer than its parent only moves so far that it does not begin before it.
 */
import { findAttribute, unixNano } from '@clew/model';
import type { Resource, Span, SpanId } from '@clew/model';
import { formatGoDuration } from '../../go-duration.ts';
import { withWarning } from './adjusted-span.ts';
import type { AdjustedSpan, Adjuster } from './adjusted-span.ts';

/** A correction of more than `maxNano` is only told of. */
export function createClockSkewCorrection(maxNano: bigint): Adjuster {
  return (spans) => new ClockSkewCorrection(spans, maxNano).spans;
}

/** What the clock of a host is off by, against that of its callers. */
interface Skew {
  readonly host: string;
  readonly nano: bigint;
}

interface Step {
  readonly index: number;
  readonly parentIndex: number;
  readonly skew: Skew;
}

const NO_PARENT = -1;

class ClockSkewCorrection {
  readonly spans: AdjustedSpan[];
  readonly #maxNano: bigint;
  readonly #hosts = new Map<Resource, string>();

  constructor(spans: readonly AdjustedSpan[], maxNano: bigint) {
    this.spans = [...spans];
    this.#maxNano = maxNano;
    const { roots, children } = this.#buildTree();
    // Without recursion: a trace may be as deep as it has spans.
    const steps: Step[] = roots.map((index) => ({
      index,
      parentIndex: NO_PARENT,
      skew: { host: this.#hostAt(index), nano: 0n },
    }));
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { index } = step;
      const skew = this.#skewOf(step);
      this.#move(index, skew.nano);
      for (const child of children.get(index) ?? []) {
        steps.push({ index: child, parentIndex: index, skew });
      }
    }
  }

  /** Of spans with the same id the first is meant. */
  #buildTree(): { roots: readonly number[]; children: ReadonlyMap<number, readonly number[]> } {
    const indexById = new Map<SpanId, number>();
    const first: number[] = [];
    for (const [index, { span }] of this.spans.entries()) {
      if (indexById.has(span.spanId)) {
        this.#warn(index, 'duplicate span IDs; skipping clock skew adjustment');
      } else {
        indexById.set(span.spanId, index);
        first.push(index);
      }
    }
    const roots: number[] = [];
    const children = new Map<number, number[]>();
    for (const index of first) {
      const parentId = this.spans[index]?.span.parentSpanId;
      const parent = parentId && indexById.get(parentId);
      if (parent === undefined) {
        roots.push(index);
        if (parentId !== undefined) {
          const missing = `parent span ID=${parentId} is not in the trace`;
          this.#warn(index, `${missing}; skipping clock skew adjustment`);
        }
      } else {
        const siblings = children.get(parent);
        if (siblings === undefined) children.set(parent, [index]);
        else siblings.push(index);
      }
    }
    return { roots, children };
  }

  /** The parent has been moved already. */
  #skewOf({ index, parentIndex, skew }: Step): Skew {
    const host = this.#hostAt(index);
    const span = this.spans[index]?.span;
    const parent = this.spans[parentIndex]?.span;
    const isSameClock = host === skew.host && host !== '';
    if (isSameClock || span === undefined || parent === undefined) return skew;
    return { host, nano: skewBetween(span, parent) };
  }

  #move(index: number, nano: bigint): void {
    if (nano === 0n) return;
    const delta = formatGoDuration(nano);
    if ((nano < 0n ? -nano : nano) > this.#maxNano) {
      this.#warn(
        index,
        this.#maxNano === 0n
          ? `clock skew adjustment disabled; not applying calculated delta of ${delta}`
          : `max clock skew adjustment delta of ${formatGoDuration(this.#maxNano)} exceeded; not applying calculated delta of ${delta}`,
      );
      return;
    }
    const adjusted = this.spans[index];
    if (adjusted === undefined) return;
    const moved = { ...adjusted, span: moveSpan(adjusted.span, nano) };
    this.spans[index] = withWarning(moved, `This span's timestamps were adjusted by ${delta}`);
  }

  #warn(index: number, warning: string): void {
    const adjusted = this.spans[index];
    if (adjusted !== undefined) this.spans[index] = withWarning(adjusted, warning);
  }

  #hostAt(index: number): string {
    const resource = this.spans[index]?.span.resource;
    if (resource === undefined) return '';
    let host = this.#hosts.get(resource);
    if (host === undefined) this.#hosts.set(resource, (host = hostOf(resource)));
    return host;
  }
}

/** What tells hosts apart; empty where nothing does. */
function hostOf({ attributes }: Resource): string {
  for (const key of ['host.id', 'host.ip', 'host.name']) {
    const value = findAttribute(attributes, key);
    const first = value?.type === 'array' && key === 'host.ip' ? value.value[0] : value;
    if (first !== undefined) return first.type === 'string' ? first.value : '';
  }
  return '';
}

/** The way there and the way back are taken to be equally long. */
function skewBetween(span: Span, parent: Span): bigint {
  const startsLater = span.startUnixNano - parent.startUnixNano;
  if (span.durationNano > parent.durationNano) return startsLater < 0n ? -startsLater : 0n;
  const slack = parent.durationNano - span.durationNano;
  if (startsLater >= 0n && startsLater <= slack) return 0n;
  return slack / 2n - startsLater;
}

function moveSpan(span: Span, nano: bigint): Span {
  const startUnixNano = unixNano(span.startUnixNano + nano);
  return {
    ...span,
    startUnixNano,
    events: span.events.map((event) => ({
      ...event,
      timeUnixNano: unixNano(event.timeUnixNano + nano),
    })),
  };
}

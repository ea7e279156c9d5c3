/**
 * Moves what another host's clock has put outside of its parent back into it. A span of the same host moves with its parent; one
 * that lasts longer than its parent only moves so far that it does not begin before it.
 */
import { computeClockSkews, findAttribute, unixNano } from '@clew/model';
import type { Resource, Span, SpanId } from '@clew/model';
import { formatGoDuration } from '../../go-duration.ts';
import { withWarning } from './adjusted-span.ts';
import type { AdjustedSpan, Adjuster } from './adjusted-span.ts';

/** A correction of more than `maxNano` is only told of. */
export function createClockSkewCorrection(maxNano: bigint): Adjuster {
  return (spans) => new ClockSkewCorrection(spans, maxNano).spans;
}

const NO_PARENT = -1;

class ClockSkewCorrection {
  readonly spans: AdjustedSpan[];
  readonly #maxNano: bigint;
  readonly #hosts = new Map<Resource, string>();

  constructor(spans: readonly AdjustedSpan[], maxNano: bigint) {
    this.spans = [...spans];
    this.#maxNano = maxNano;
    const parents = this.#findParents();
    const epoch = spans[0]?.span.startUnixNano ?? 0n;
    const skewsNs = computeClockSkews(
      {
        parents,
        order: orderFromRoots(parents),
        startsNs: Float64Array.from(spans, ({ span }) => Number(span.startUnixNano - epoch)),
        durationsNs: Float64Array.from(spans, ({ span }) => Number(span.durationNano)),
        sharesClock: Uint8Array.from(spans, (_, index) =>
          this.#isSameHost(index, parents[index] ?? NO_PARENT) ? 1 : 0,
        ),
      },
      Number(maxNano),
    );
    for (const [index, skewNs] of skewsNs.entries()) this.#move(index, BigInt(skewNs));
  }

  /** Of spans with the same id the first is meant. */
  #findParents(): Int32Array {
    const indexById = new Map<SpanId, number>();
    const parents = new Int32Array(this.spans.length).fill(NO_PARENT);
    const first: number[] = [];
    for (const [index, { span }] of this.spans.entries()) {
      if (indexById.has(span.spanId)) {
        this.#warn(index, 'duplicate span IDs; skipping clock skew adjustment');
      } else {
        indexById.set(span.spanId, index);
        first.push(index);
      }
    }
    for (const index of first) {
      const parentId = this.spans[index]?.span.parentSpanId;
      if (parentId === undefined) continue;
      const parent = indexById.get(parentId);
      if (parent !== undefined) parents[index] = parent;
      else {
        const missing = `parent span ID=${parentId} is not in the trace`;
        this.#warn(index, `${missing}; skipping clock skew adjustment`);
      }
    }
    return parents;
  }

  #isSameHost(index: number, other: number): boolean {
    const host = this.#hostAt(index);
    return host !== '' && host === this.#hostAt(other);
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

/** Parents before children; without the spans of cycles, which no root leads to. Without recursion: a trace may be a chain. */
function orderFromRoots(parents: Int32Array): Uint32Array {
  const children = new Map<number, number[]>();
  for (const [index, parent] of parents.entries()) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [index]);
    else siblings.push(index);
  }
  const order = children.get(NO_PARENT) ?? [];
  for (let at = 0; at < order.length; at++)
    for (const child of children.get(order[at] ?? NO_PARENT) ?? []) order.push(child);
  return Uint32Array.from(order);
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

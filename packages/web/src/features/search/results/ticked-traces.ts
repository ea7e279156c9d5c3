import type { TraceSummaryJson } from '@clew/api';
import { Store } from '../../../state/store.ts';

/** A trace that was ticked to be compared with another one. */
export type TickedTrace = Pick<TraceSummaryJson, 'traceId' | 'durationNano'>;

/** At most two traces: a third one takes the place of the one that was ticked first. */
export class TickedTraces extends Store<readonly TickedTrace[]> {
  constructor() {
    super([]);
  }

  isTicked(traceId: string): boolean {
    return this.get().some((ticked) => ticked.traceId === traceId);
  }

  toggle({ traceId, durationNano }: TickedTrace): void {
    const others = this.get().filter((ticked) => ticked.traceId !== traceId);
    const isTicked = others.length < this.get().length;
    this.set(isTicked ? others : [...others, { traceId, durationNano }].slice(-2));
  }

  clear(): void {
    this.set([]);
  }
}

/** The faster one is what the other one is compared with. */
export function orderTicked(
  ticked: readonly TickedTrace[],
): { readonly a: string; readonly b: string } | undefined {
  const [a, b] = ticked.toSorted((a, b) => Number(a.durationNano) - Number(b.durationNano));
  return a === undefined || b === undefined ? undefined : { a: a.traceId, b: b.traceId };
}

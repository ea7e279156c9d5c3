import { useEffect, useMemo, useState } from 'react';
import { compareTraces, pickDiffColumns } from '../../trace/compare/compare-traces.ts';
import type { ComparedTraces } from '../../trace/compare/compare-traces.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import type { CompareAnswer, CompareQuestion } from './compare.worker.ts';

export interface Comparison {
  /** Undefined while a worker makes it, and when it failed. */
  readonly compared: ComparedTraces | undefined;
  readonly error: string | undefined;
}

/** Of both traces together; more take over 50 ms (measured: 2 µs to 3 µs a span). */
const MAX_SPANS_HERE = 15_000;

interface Made extends Comparison {
  readonly base: TraceView;
  readonly other: TraceView;
}

/** What differs between two traces; computed here where that is quick, and in a worker otherwise. */
export function useComparison(base: TraceView, other: TraceView): Comparison {
  const isSmall =
    base.spanCount + other.spanCount <= MAX_SPANS_HERE || typeof Worker === 'undefined';
  const small = useMemo(
    () => (isSmall ? compareTraces(base.columns, other.columns) : undefined),
    [isSmall, base, other],
  );
  const [made, setMade] = useState<Made | undefined>(undefined);
  useEffect(() => {
    if (isSmall) return undefined;
    const worker = new Worker(new URL('./compare.worker.ts', import.meta.url), { type: 'module' });
    const answer = (comparison: Comparison) => setMade({ base, other, ...comparison });
    worker.addEventListener('message', ({ data }: MessageEvent<CompareAnswer>) =>
      answer({ compared: data, error: undefined }),
    );
    worker.addEventListener('error', ({ message }) =>
      answer({ compared: undefined, error: message }),
    );
    const question: CompareQuestion = {
      base: pickDiffColumns(base.columns),
      other: pickDiffColumns(other.columns),
    };
    worker.postMessage(question);
    return () => worker.terminate();
  }, [isSmall, base, other]);
  if (small !== undefined) return { compared: small, error: undefined };
  if (made?.base === base && made.other === other) return made;
  return { compared: undefined, error: undefined };
}

import { useEffect } from 'react';
import type { TraceState } from '../../../state/trace-state.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { runJob } from './run-job.ts';

/** Analyses each answer of the trace once it is on the screen; a newer one ends the analysis of the one before. */
export function useInsight(state: TraceState, answer: TraceView): void {
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    void runJob('insight', answer.columns, { signal }).then(
      (insight) => signal.aborted || state.setInsight(answer, insight),
      (error: unknown) => signal.aborted || state.insights.failure.set(String(error)),
    );
    return () => controller.abort();
  }, [state, answer]);
}

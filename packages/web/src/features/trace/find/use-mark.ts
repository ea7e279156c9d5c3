import { useEffect } from 'react';
import type { TraceState } from '../../../state/trace-state.ts';
import type { TraceClient } from '../trace-client.ts';
import { useReadable } from '../use-readable.ts';
import type { FindState } from './find-state.ts';
import { resolveMark } from './resolve-mark.ts';

/** Marks again what an address says was pointed at, and what was pointed at when spans have arrived. */
export function useMark(client: TraceClient, state: TraceState, find: FindState): void {
  const mark = useReadable(state.places.mark);
  const view = useReadable(state.view);
  useEffect(() => {
    if (mark === undefined) {
      find.unmark();
      return undefined;
    }
    if (find.isMarked(mark, view)) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const restore = async () => {
      try {
        const marked = await resolveMark(mark, { client, view, signal });
        if (signal.aborted) return;
        if (marked === undefined) find.clear();
        else find.point(state, { ...marked, mark });
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        find.server.set({ status: 'failed', message });
      }
    };
    void restore();
    return () => controller.abort();
  }, [client, state, find, mark, view]);
}

import { ApiError } from '@clew/api';
import type { ClewClient } from '@clew/api';
import { useEffect } from 'react';
import { messages } from '../../../messages/messages.ts';
import { markSpanIds } from '../../../trace/span-index-by-id.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { useReadable } from '../use-readable.ts';
import { findSpans } from './find-spans.ts';
import type { FindState } from './find-state.ts';

const TYPING_REST_MS = 150;

/**
 * Finds what is typed: at once in what the page has, the names; and, once the typing rests, by the server among attributes, which
 * the page has not. Text that begins with a brace is TraceQL, which is the server's alone.
 */
export function useFind(
  client: Pick<ClewClient, 'findMatches'>,
  state: TraceState,
  find: FindState,
): void {
  const text = useReadable(find.text);
  const view = useReadable(state.view);
  useEffect(() => {
    const sought = text.trim();
    find.server.set({ status: 'idle' });
    if (sought === '') {
      // What was pointed at stays, though nothing is typed.
      if (find.label.get() === undefined) find.set('', undefined);
      return undefined;
    }
    const isQuery = sought.startsWith('{');
    const inNames = isQuery ? undefined : findSpans(view, sought);
    if (inNames !== undefined) find.set(text, inNames);
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      find.server.set({ status: 'searching' });
      const { signal } = controller;
      try {
        const query = isQuery ? { q: sought } : { text: sought };
        const { spanIds } = await client.findMatches(view.traceId, query, { signal });
        if (signal.aborted) return;
        const marks = markSpanIds(view, spanIds);
        inNames?.forEach((mark, index) => {
          if (mark === 1) marks[index] = 1;
        });
        find.server.set({ status: 'idle' });
        find.set(text, marks);
      } catch (error) {
        if (signal.aborted) return;
        find.server.set({ status: 'failed', ...sayWhy(error, isQuery) });
        if (isQuery) find.set(text, undefined);
      }
    };
    const timer = setTimeout(() => void ask(), TYPING_REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, view, find, text]);
}

function sayWhy(error: unknown, isQuery: boolean) {
  const message = error instanceof Error ? error.message : String(error);
  if (!isQuery) return { message: messages.trace.find.failed(message) };
  if (!(error instanceof ApiError)) return { message };
  const reason = message.replace(/ at \d+$/, '');
  const { position, suggestion } = error;
  return { message: messages.trace.find.noQuery(reason, position), suggestion };
}

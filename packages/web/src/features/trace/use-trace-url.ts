import { useEffect, useEffectEvent, useRef } from 'react';
import type { QueryValues } from '../../state/query-string.ts';
import { formatQueryString } from '../../state/query-string.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { formatTraceUrl, parseTraceUrl } from '../../state/trace-url.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { useReadable } from './use-readable.ts';

/** A drag changes the range in every frame; the address follows once it rests. */
const REST_MS = 200;

/**
 * Keeps the address and the state in step. What one does here replaces the address, so that Back leads to where one came
 * from; an address that comes from elsewhere (a link to another span, Back after that) is taken over.
 */
export function useTraceUrl(
  state: TraceState,
  search: QueryValues,
  onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void,
): void {
  const address = formatQueryString(search);
  const written = useRef(address);
  const read = useEffectEvent(() => {
    state.apply(parseTraceUrl(search, state.view.get()));
  });
  const write = useEffectEvent(() => {
    const next = formatTraceUrl(state);
    const text = formatQueryString(next);
    if (text === written.current) return;
    written.current = text;
    onSearchChange(next, { replace: true });
  });

  useEffect(() => {
    if (address === written.current) return;
    written.current = address;
    read();
  }, [address]);

  // The span that a link names may arrive after the link was followed.
  const readMissing = useEffectEvent((shown: TraceView) => {
    if (state.selection.get() !== undefined || search['span'] === undefined) return;
    state.apply(parseTraceUrl(search, shown));
  });
  const view = useReadable(state.view);
  useEffect(() => readMissing(view), [view]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const writeSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => write(), REST_MS);
    };
    const { selection, isDetailOpen, tab, range, folding, coloring, page, options } = state;
    const { path, findings } = state.insights;
    const shown = [coloring, page, options, path, findings];
    const stores = [selection, isDetailOpen, tab, range, folding, ...shown];
    const stops = stores.map((store) => store.subscribe(writeSoon));
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [state]);
}

import { useEffect, useEffectEvent, useRef } from 'react';
import type { QueryValues } from '../../state/query-string.ts';
import { formatQueryString } from '../../state/query-string.ts';
import type { Readable } from '../../state/store.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { formatTraceUrl, parseTraceUrl } from '../../state/trace-url.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { useReadable } from './use-readable.ts';

/** A drag changes the range in every frame; the address follows once it rests. Chromium takes 200 changes in 30 s. */
const REST_MS = 200;

/**
 * Keeps the address and the state in step. Another view and another selection are steps that Back goes back by; what one zooms,
 * scrolls, folds and chooses in between changes the address of the step one is on. An address that comes from elsewhere (Back, a link
 * to another span) is taken over.
 */
export function useTraceUrl(
  state: TraceState,
  search: QueryValues,
  onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void,
): void {
  const address = formatQueryString(search);
  const written = useRef(address);
  /** Written and not seen in the address yet: on a busy machine that takes longer than until the next one is written. */
  const onTheirWay = useRef<string[]>([]);
  const shown = useRef(search);
  const isStep = useRef(false);
  const isReading = useRef(false);
  const read = useEffectEvent(() => {
    shown.current = search;
    isReading.current = true;
    state.apply(parseTraceUrl(search, state.view.get()));
    isReading.current = false;
  });
  const write = useEffectEvent(() => {
    const next = formatTraceUrl(state);
    const text = formatQueryString(next);
    // A newer answer takes the selection up again, which is no step.
    const replace = !isStep.current || isSamePlace(next, shown.current);
    isStep.current = false;
    if (text === written.current) return;
    written.current = text;
    onTheirWay.current.push(text);
    shown.current = next;
    onSearchChange(next, { replace });
  });

  useEffect(() => {
    const at = onTheirWay.current.indexOf(address);
    // What is shown may be further by now than an address of ours that arrives.
    if (at >= 0) onTheirWay.current.splice(0, at + 1);
    else if (address !== written.current) {
      onTheirWay.current = [];
      written.current = address;
      read();
    }
  }, [address]);

  // The span that a link names may arrive after the link was followed.
  const readMissing = useEffectEvent((answer: TraceView) => {
    if (state.selection.get() !== undefined || search['span'] === undefined) return;
    isReading.current = true;
    state.apply(parseTraceUrl(search, answer));
    isReading.current = false;
  });
  const view = useReadable(state.view);
  useEffect(() => readMissing(view), [view]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const writeSoon = () => {
      clearTimeout(timer);
      // A step is written once all that belongs to it has been done.
      timer = setTimeout(() => write(), isStep.current ? 0 : REST_MS);
    };
    const writeSelection = () => (state.selectedBy === 'jump' ? writeStep() : writeSoon());
    const writeStep = () => {
      if (!isReading.current) isStep.current = true;
      writeSoon();
    };
    const stops = [
      state.page.subscribe(writeStep),
      state.selection.subscribe(writeSelection),
      ...restingStores(state).map((store) => store.subscribe(writeSoon)),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [state]);
}

function isSamePlace(a: QueryValues, b: QueryValues): boolean {
  return a['view'] === b['view'] && a['span'] === b['span'];
}

/** What changes the step one is on. */
function restingStores(state: TraceState): readonly Readable<unknown>[] {
  const { isDetailOpen, tab, range, folding, coloring, clock, options, insights, places } = state;
  const { path, findings } = insights;
  const { scroll, tables, graph, event, findText, mark } = places;
  const shown = [isDetailOpen, tab, range, folding, coloring, clock, options, path, findings];
  return [...shown, scroll, tables, graph, event, findText, mark];
}

/**
 * How a link names a span: by its id, and where several spans share an id (a client and a server of Zipkin's, a broken
 * sender) by a number behind it, counted in the order of their starts: `00f067aa0ba902b7`, `00f067aa0ba902b7.2`.
 */
import type { TraceView } from './trace-view.ts';

type Spans = TraceView['spans'];

export function formatSpanKey(spans: Spans, spanIndex: number): string {
  const id = spans[spanIndex]?.spanId ?? '';
  let number = 1;
  for (let i = 0; i < spanIndex; i++) if (spans[i]?.spanId === id) number++;
  return number === 1 ? id : `${id}.${number}`;
}

/** The span that a key names; `undefined` when it is not in the trace. Ids are read in any case. */
export function findSpanByKey(spans: Spans, key: string): number | undefined {
  const [id = '', number = '1'] = key.toLowerCase().split('.');
  const wanted = id.padStart(16, '0');
  let left = Number(number);
  for (let i = 0; i < spans.length; i++) {
    if (spans[i]?.spanId === wanted && --left === 0) return i;
  }
  return undefined;
}

/**
 * How a link names a span: by its id, and where several spans share an id (a client and a server of Zipkin's, a broken
 * sender) by a number behind it, counted in the order of their starts as they were sent: `00f067aa0ba902b7`, `00f067aa0ba902b7.2`.
 */
import { parseSpanId, writeHex } from '@clew/model';
import { spanIdOf } from './trace-view.ts';
import type { TraceView } from './trace-view.ts';

export function formatSpanKey(view: TraceView, spanIndex: number): string {
  const id = spanIdOf(view, spanIndex);
  const number = rankAmongTwins(view, spanIndex) + 1;
  return number === 1 ? id : `${id}.${number}`;
}

/** How many spans that were sent to begin before it have the span's id. */
export function rankAmongTwins(
  { spanCount, columns, clock }: TraceView,
  spanIndex: number,
): number {
  const { spanIds } = columns;
  const sentIndexes = clock?.sentIndexes;
  const wanted = spanIds.subarray(spanIndex * 8, spanIndex * 8 + 8);
  const sent = sentIndexes?.[spanIndex] ?? spanIndex;
  const end = sentIndexes === undefined ? spanIndex : spanCount;
  let rank = 0;
  for (let i = 0; i < end; i++) {
    if ((sentIndexes?.[i] ?? i) < sent && hasId(spanIds, i, wanted)) rank++;
  }
  return rank;
}

/** The span that a key names; `undefined` when it is not in the trace. Ids are read in any case. */
export function findSpanByKey(
  { spanCount, columns, clock }: TraceView,
  key: string,
): number | undefined {
  const [idText = '', number = '1'] = key.split('.');
  const id = parseSpanId(idText);
  if (id === undefined) return undefined;
  const wanted = new Uint8Array(8);
  writeHex(id, wanted, 0);
  const twins: number[] = [];
  for (let i = 0; i < spanCount; i++) if (hasId(columns.spanIds, i, wanted)) twins.push(i);
  const sentIndexes = clock?.sentIndexes;
  if (sentIndexes !== undefined)
    twins.sort((a, b) => (sentIndexes[a] ?? 0) - (sentIndexes[b] ?? 0));
  return twins[Number(number) - 1];
}

function hasId(spanIds: Uint8Array, spanIndex: number, wanted: Uint8Array): boolean {
  const at = spanIndex * 8;
  for (let i = 0; i < 8; i++) if (spanIds[at + i] !== wanted[i]) return false;
  return true;
}

import { useMemo } from 'react';
import type { SelectedSpan } from '../../../state/compare-url.ts';
import { findSpanByKey, formatSpanKey } from '../../../trace/span-key.ts';
import type { Selection, WorkSource } from './side-of-work.ts';

/** The row that the address names by a span of one of the traces; in a pair either names it. */
export function useSelectedRow(
  source: WorkSource,
  selected: SelectedSpan | undefined,
  onChange: (selected: SelectedSpan | undefined) => void,
): Selection {
  const row = useMemo(() => findRow(source, selected), [source, selected]);
  return {
    row,
    onSelect: (next) => onChange(next === undefined ? undefined : nameRow(source, next)),
  };
}

function findRow(source: WorkSource, selected: SelectedSpan | undefined): number | undefined {
  if (selected === undefined) return undefined;
  const { spans } = source.compared;
  const isBase = selected.side === 'a';
  const index = findSpanByKey(isBase ? source.baseView : source.otherView, selected.key);
  if (index === undefined) return undefined;
  return (isBase ? spans.baseRows : spans.otherRows)[index];
}

function nameRow({ compared, baseView, otherView }: WorkSource, row: number): SelectedSpan {
  const baseIndex = compared.spans.baseIndexes[row] ?? -1;
  if (baseIndex >= 0) return { side: 'a', key: formatSpanKey(baseView, baseIndex) };
  return { side: 'b', key: formatSpanKey(otherView, compared.spans.otherIndexes[row] ?? 0) };
}

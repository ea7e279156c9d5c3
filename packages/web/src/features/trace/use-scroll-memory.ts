import { useMemo } from 'react';
import type { ScrolledPart } from '../../state/table-scroll.ts';
import type { TraceState } from '../../state/trace-state.ts';
import type { ScrollMemory } from '../../ui/scroll-memory.ts';
import { useReadable } from './use-readable.ts';

/** Where a table was, as the address has it. */
export function useScrollMemory({ places }: TraceState, part: ScrolledPart): ScrollMemory {
  const request = useReadable(places.tableRequest);
  return useMemo(
    () => ({
      request,
      recall: () => places.tables.get()[part],
      tell: (topPx) => places.tellTable(part, topPx),
    }),
    [places, part, request],
  );
}

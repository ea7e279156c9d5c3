import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../../base/visible-text.ts';
import { formatCount, formatDuration } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import type { CallGraph } from '../../../../trace/graph/build-call-graph.ts';
import type { ScrollMemory } from '../../../../ui/scroll-memory.ts';
import { VirtualTable } from '../../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../../ui/virtual-table.tsx';
import { describeNode } from './measure-graph.ts';

const TEXTS = messages.trace.graph;

const COLUMNS: readonly TableColumn[] = [
  { id: 'from', title: TEXTS.columns.from },
  { id: 'to', title: TEXTS.columns.to },
  { id: 'calls', title: TEXTS.columns.calls, isNumber: true },
  { id: 'errors', title: TEXTS.columns.errors, isNumber: true },
  { id: 'total', title: TEXTS.columns.total, isNumber: true },
];

export interface CallTableProps {
  readonly graph: CallGraph;
  readonly memory: ScrollMemory;
  readonly onSelect: (edge: number) => void;
}

/** The edges of the graph, those of most calls first. */
export function CallTable({ graph, memory, onSelect }: CallTableProps): ReactNode {
  const { nodes, edges } = graph;
  const order = useMemo(
    () => [...edges.keys()].sort((a, b) => (edges[b]?.callCount ?? 0) - (edges[a]?.callCount ?? 0)),
    [edges],
  );
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const nameOf = (at: number) => {
    const node = nodes[at];
    if (node === undefined) return '';
    const { service, title } = describeNode(node);
    return service === undefined
      ? isolatedText(title)
      : `${isolatedText(service)} ${isolatedText(title)}`;
  };
  return (
    <VirtualTable
      label={TEXTS.table}
      className="call-table"
      memory={memory}
      columns={COLUMNS}
      rowCount={order.length}
      renderRow={(row) => {
        const edge = edges[order[row] ?? 0];
        if (edge === undefined) return {};
        return {
          from: nameOf(edge.from),
          to: nameOf(edge.to),
          calls: formatCount(edge.callCount),
          errors: (
            <span className={edge.errorCount > 0 ? 'table-failed' : 'table-faint'}>
              {formatCount(edge.errorCount)}
            </span>
          ),
          total: formatDuration(edge.totalNs),
        };
      }}
      selectedRow={selected}
      onSelect={(row) => {
        setSelected(row);
        onSelect(order[row] ?? 0);
      }}
      empty={TEXTS.noCalls}
    />
  );
}

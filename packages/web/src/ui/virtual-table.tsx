import { useEffect, useEffectEvent, useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { focusUnlessTab } from './focus-unless-tab.ts';
import { useScrollRestoring } from './scroll-memory.ts';
import type { ScrollMemory } from './scroll-memory.ts';
import { useRowWindow } from './use-row-window.ts';
import './virtual-table.css';

export interface TableColumn {
  /** Also `data-column` of its cells, for the style sheet. */
  readonly id: string;
  readonly title: string;
  /** What the title means, where it is short. */
  readonly hint?: string | undefined;
  readonly isNumber?: boolean | undefined;
  /** Given where the table can be ordered by the column; 0 while it is ordered by another. */
  readonly direction?: 1 | -1 | 0 | undefined;
}

export interface VirtualTableProps {
  readonly label: string;
  /** Its class sets `--columns`, the template of the grid. */
  readonly className: string;
  readonly columns: readonly TableColumn[];
  readonly onSort?: ((column: string) => void) | undefined;
  readonly rowCount: number;
  /** The cells of a row, by the ids of their columns. */
  readonly renderRow: (row: number) => Readonly<Record<string, ReactNode>>;
  readonly rowState?: ((row: number) => string | undefined) | undefined;
  readonly selectedRow: number | undefined;
  /** By a key, which goes from row to row, or a click. */
  readonly onSelect: (row: number, by: 'step' | 'jump') => void;
  /** By a click alone, after it was selected. */
  readonly onOpen?: ((row: number) => void) | undefined;
  /** Where it was scrolled to, for a table that is gone back to. */
  readonly memory?: ScrollMemory | undefined;
  /** For a table that is opened beside something else: it does not take the keys. */
  readonly keepsFocus?: boolean | undefined;
  /** In the place of the rows when there are none. */
  readonly empty: ReactNode;
}

const ROW_PX = 24;
const HEAD_PX = 26;

/** A table of any number of rows, of which those in sight exist; arrow keys go from row to row. */
export function VirtualTable(props: VirtualTableProps): ReactNode {
  const { label, className, columns, rowCount, renderRow, rowState, selectedRow, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const { first, end, pageRows, scrollToRow, scrollTo } = useRowWindow({
    scroller,
    rowCount,
    rowHeightPx: ROW_PX,
    headHeightPx: HEAD_PX,
    memory: props.memory,
  });
  // Of another order or number of rows, the selected one is elsewhere.
  const reveal = useEffectEvent((row: number | undefined, count: number) => {
    if (row !== undefined && row < count) scrollToRow(row);
  });
  useEffect(() => reveal(selectedRow, rowCount), [selectedRow, rowCount]);
  useScrollRestoring(props.memory, {
    isReady: rowCount > 0,
    scrollTo,
    begin: () => reveal(selectedRow, rowCount),
  });
  const takeFocus = useEffectEvent(() => {
    if (props.keepsFocus !== true) focusUnlessTab(scroller.current);
  });
  useEffect(() => takeFocus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const row = rowByKey(event.key, { selectedRow, rowCount, pageRows });
    if (row === undefined) return;
    event.preventDefault();
    props.onSelect(row, 'step');
  };
  const rows = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
  const isSelectedShown = selectedRow !== undefined && selectedRow >= first && selectedRow < end;
  return (
    <div
      ref={scroller}
      className={`virtual-table ${className}`}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-activedescendant={isSelectedShown ? `${id}-${selectedRow}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="virtual-table-head" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <ColumnHead key={column.id} column={column} onSort={props.onSort} />
        ))}
      </div>
      {rowCount === 0 ? <div className="virtual-table-empty">{empty}</div> : undefined}
      <div className="virtual-table-spacer" role="presentation">
        <div className="virtual-table-window" role="presentation">
          <div className="virtual-table-rows" role="rowgroup">
            {rows.map((row) => (
              <div
                key={row}
                id={`${id}-${row}`}
                className="virtual-table-row"
                role="row"
                aria-rowindex={row + 2}
                aria-selected={row === selectedRow}
                data-state={rowState?.(row)}
                onClick={() => {
                  props.onSelect(row, 'jump');
                  props.onOpen?.(row);
                }}
              >
                <Cells columns={columns} cells={renderRow(row)} />
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

function Cells({
  columns,
  cells,
}: {
  readonly columns: readonly TableColumn[];
  readonly cells: Readonly<Record<string, ReactNode>>;
}): ReactNode {
  return columns.map(({ id, isNumber }) => (
    <div key={id} role="gridcell" data-column={id} data-number={isNumber}>
      {cells[id]}
    </div>
  ));
}

function ColumnHead({
  column: { id, title, hint, isNumber, direction },
  onSort,
}: {
  readonly column: TableColumn;
  readonly onSort: VirtualTableProps['onSort'];
}): ReactNode {
  const shared = { role: 'columnheader', 'data-column': id, 'data-number': isNumber, title: hint };
  if (direction === undefined || onSort === undefined) return <div {...shared}>{title}</div>;
  const sort = direction === 1 ? 'ascending' : 'descending';
  return (
    <div {...shared} aria-sort={direction === 0 ? 'none' : sort}>
      <button type="button" data-direction={direction} onClick={() => onSort(id)}>
        {title}
        {direction === 0 ? undefined : <Icon name="chevronDown" />}
      </button>
    </div>
  );
}

interface KeyPosition {
  readonly selectedRow: number | undefined;
  readonly rowCount: number;
  readonly pageRows: number;
}

/** The row that a key leads to; undefined for a key that leads to none. */
function rowByKey(
  key: string,
  { selectedRow, rowCount, pageRows }: KeyPosition,
): number | undefined {
  if (rowCount === 0) return undefined;
  const last = rowCount - 1;
  const at = selectedRow ?? -1;
  const to = {
    ArrowDown: at + 1,
    ArrowUp: selectedRow === undefined ? last : at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: last,
  }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(to, last));
}

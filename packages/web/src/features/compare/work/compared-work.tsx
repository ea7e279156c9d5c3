import { useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import { storedTrace } from '../../../state/compare-url.ts';
import type { CompareShown } from '../../../state/compare-url.ts';
import type { ComparedTraces } from '../../../trace/compare/compare-traces.ts';
import { largestPairs } from '../../../trace/compare/order-pairs.ts';
import { ProgressLine } from '../../../ui/progress-line.tsx';
import { Notice } from '../../../ui/notice.tsx';
import type { PairProps } from '../compare-page.tsx';
import { PairDetails } from '../detail/pair-details.tsx';
import { useCompareUrl } from '../use-compare-url.ts';
import { useComparison } from '../use-comparison.ts';
import { Headline } from './headline.tsx';
import { PairTable } from './pair-table.tsx';
import { PathTable } from './path-table.tsx';
import { RowsBar } from './rows-bar.tsx';
import type { WorkSide, WorkSource } from './side-of-work.ts';
import { usePathFolding } from './use-path-folding.ts';
import { useSelectedRow } from './use-selected-row.ts';
import { useWorkCommands } from './work-commands.ts';

export interface ComparedWorkProps extends PairProps {
  readonly base: WorkSide;
  readonly other: WorkSide;
}

/** The comparison of two traces that are there. */
export function ComparedWork(props: ComparedWorkProps): ReactNode {
  const { base, other } = props;
  const { compared, error } = useComparison(base.view, other.view);
  if (error !== undefined) return <Notice kind="error" title={comparePage.failed(error)} />;
  if (compared === undefined) {
    return (
      <>
        <ProgressLine active label={comparePage.comparing} />
        <p className="compare-pending">{comparePage.comparing}</p>
      </>
    );
  }
  return <Work {...props} compared={compared} />;
}

function Work(props: ComparedWorkProps & { readonly compared: ComparedTraces }): ReactNode {
  const { pair, search, onSearchChange, onSwap, base, other, compared } = props;
  const [shown, change] = useCompareUrl({ pair, search, onSearchChange });
  const source = useSource(base, other, compared);
  const pairOfGroup = useMemo(() => largestPairs(source), [source]);
  const selection = useSelectedRow(source, shown.selected, (selected) => change({ selected }));
  const body = useRef<HTMLDivElement>(null);
  const findInput = useRef<HTMLInputElement>(null);
  const folding = usePathFolding(source, shown.fold, change);
  const selectGroup = (group: number) => selection.onSelect(pairOfGroup[group]);
  const table = { source, selection, shown, change };
  useWorkCommands({ ...table, findInput, onSwap, folding, onSelectGroup: selectGroup });
  return (
    <>
      <Headline
        views={{ a: base.view, b: other.view }}
        compared={compared}
        shown={shown}
        change={change}
        onSelectGroup={(group) => {
          // What is not listed cannot be pointed at.
          change({ filter: { kind: 'all', text: '' } });
          folding.reveal(group);
          selectGroup(group);
          // Where the page is small, the rows may be below what is in sight.
          body.current?.scrollIntoView({ block: 'nearest' });
        }}
      />
      <RowsBar {...table} findInput={findInput} onFoldAll={folding.setAll} />
      <div className="compare-body" ref={body}>
        <div className="compare-table">
          {shown.view === 'paths' ? (
            <PathTable {...table} folding={folding} onSelectGroup={selectGroup} />
          ) : (
            <PairTable {...table} />
          )}
        </div>
        {selection.row === undefined ? undefined : (
          <PairDetails
            source={source}
            row={selection.row}
            pair={{
              a: pair.a ?? storedTrace(base.view.traceId),
              b: pair.b ?? storedTrace(other.view.traceId),
            }}
            onSelect={selection.onSelect}
          />
        )}
      </div>
    </>
  );
}

/** The sides are made anew each time; what they hold is not. */
function useSource(
  { view: baseView, client: baseClient }: WorkSide,
  { view: otherView, client: otherClient }: WorkSide,
  compared: ComparedTraces,
): WorkSource {
  return useMemo(
    () => ({
      compared,
      baseView,
      otherView,
      base: { view: baseView, client: baseClient },
      other: { view: otherView, client: otherClient },
    }),
    [compared, baseView, otherView, baseClient, otherClient],
  );
}

export interface TableProps {
  readonly source: WorkSource;
  readonly selection: ReturnType<typeof useSelectedRow>;
  readonly shown: CompareShown;
  readonly change: (change: Partial<CompareShown>) => void;
}

import type { ClewClient } from '@clew/api';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { isolatedText } from '../../base/visible-text.ts';
import { comparePage } from '../../messages/compare.ts';
import { formatComparedPair, parseComparedPair, swapCompareUrl } from '../../state/compare-url.ts';
import type { ComparedPair, SideName } from '../../state/compare-url.ts';
import type { OpenedFiles } from '../../state/opened-files.ts';
import type { QueryValues } from '../../state/query-string.ts';
import type { RecentTrace } from '../../state/recent-traces.ts';
import { findTitleSpan, nameOf } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import { Choosing } from './choice/choosing.tsx';
import { problemOf } from './side-problem.tsx';
import { Sides } from './sides.tsx';
import { useLoadedSide } from './use-loaded-side.ts';
import type { LoadedSide, SideSources } from './use-loaded-side.ts';
import { ComparedWork } from './work/compared-work.tsx';
import './compare-page.css';

export interface ComparePageProps extends Pick<SideSources, 'findOpened' | 'loadTrace'> {
  readonly client: ClewClient;
  readonly openedFiles: OpenedFiles;
  readonly viewed: readonly RecentTrace[];
  /** The search parameters of the address; see `state/compare-url.ts`. */
  readonly search: QueryValues;
  /** `replace` when the change is no step that Back should undo. */
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** Two traces and what differs between them; which two, while they are not chosen. */
export function ComparePage(props: ComparePageProps): ReactNode {
  const { search, onSearchChange } = props;
  const pair = useMemo(() => parseComparedPair(search), [search]);
  const a = useLoadedSide(props, pair.a);
  const b = useLoadedSide(props, pair.b);
  const show = (next: ComparedPair) => onSearchChange(formatComparedPair(next), { replace: false });
  const swap = () => onSearchChange(swapCompareUrl(search), { replace: false });
  const page = { ...props, pair, sides: { a, b }, onPair: show, onSwap: swap };
  const title = titleOf(b.view ?? a.view);
  return (
    <div className="compare-page">
      <ProgressLine active={a.isLoading || b.isLoading} label={comparePage.loading} />
      <TopLine title={title}>
        <h1>{comparePage.title}</h1>
      </TopLine>
      <Content {...page} />
    </div>
  );
}

/** Of the browser's tab. */
function titleOf(view: TraceView | undefined): string {
  const name = view && nameOf(view, findTitleSpan(view));
  return name === undefined ? comparePage.title : comparePage.titleOf(isolatedText(name));
}

export interface PairProps extends ComparePageProps {
  readonly pair: ComparedPair;
  readonly sides: Readonly<Record<SideName, LoadedSide>>;
  readonly onPair: (next: ComparedPair) => void;
  readonly onSwap: () => void;
}

function Content(props: PairProps): ReactNode {
  const { pair, sides } = props;
  const isSame =
    pair.a !== undefined && pair.a.traceId === pair.b?.traceId && pair.a.source === pair.b?.source;
  const isWrong = problemOf(sides.a) !== undefined || problemOf(sides.b) !== undefined;
  if (pair.a === undefined || pair.b === undefined || isSame || isWrong) {
    return <Choosing {...props} isSame={isSame} />;
  }
  return (
    <div className="compare-scroll">
      <Sides {...props} />
      {sides.a.view === undefined || sides.b.view === undefined ? (
        <div className="compare-skeleton" aria-hidden="true" />
      ) : (
        <ComparedWork
          {...props}
          key={`${sides.a.view.traceId} ${sides.b.view.traceId}`}
          base={{ view: sides.a.view, client: sides.a.client ?? props.client }}
          other={{ view: sides.b.view, client: sides.b.client ?? props.client }}
        />
      )}
    </div>
  );
}

import type { TraceSummaryJson } from '@clew/api';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCounted } from '../../../base/format.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import { useTheme } from '../../../ui/theme.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import type { SearchAnswer } from '../use-search.ts';
import { ScatterPlot } from './scatter-plot.ts';
import type { ScatterPlotOptions } from './scatter-plot.ts';
import { scatterRange, toScatterPoints } from './scatter-points.ts';
import type { ScatterPoint, ScatterRange } from './scatter-points.ts';
import { ScatterTooltip } from './scatter-tooltip.tsx';
import 'uplot/dist/uPlot.min.css';
import './duration-scatter.css';

export interface DurationScatterProps {
  readonly answer: SearchAnswer;
  /** The id of the trace that is pointed at, here or in the list. */
  readonly hoveredTraceId: Store<string | undefined>;
  readonly onOpen: (trace: TraceSummaryJson, inNewTab: boolean) => void;
  readonly onSelectRange: (range: ScatterRange) => void;
}

/** The picture of the list: each trace at its time and duration. The list has the same for the keyboard and for readers. */
export function DurationScatter(props: DurationScatterProps): ReactNode {
  const { answer, hoveredTraceId } = props;
  const theme = useTheme();
  const zone = useTimeZone();
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<ScatterPlot>(undefined);
  const data = useMemo(() => {
    const { asked, traces, hasMore, isNewestFirst } = answer;
    const searched = { startMs: msFromNanos(asked.start), endMs: msFromNanos(asked.end) };
    const points = toScatterPoints(traces);
    return { points, range: scatterRange(points, searched, hasMore && isNewestFirst) };
  }, [answer]);
  const [pointedAt, setPointedAt] = useState<ScatterPoint>();
  const latest = useRef({ data, props });
  useEffect(() => {
    latest.current = { data, props };
  });

  useEffect(() => {
    if (element.current === null) return undefined;
    const options: ScatterPlotOptions = {
      theme,
      zone,
      onHover: (point) => {
        hoveredTraceId.set(point?.trace.traceId);
        setPointedAt(point);
      },
      onOpen: (point, inNewTab) => latest.current.props.onOpen(point.trace, inNewTab),
      onSelectRange: (range) => latest.current.props.onSelectRange(range),
    };
    const made = new ScatterPlot(element.current, latest.current.data, options);
    plot.current = made;
    const unsubscribe = hoveredTraceId.subscribe(() => made.highlight(hoveredTraceId.get()));
    const observer = new ResizeObserver(([entry]) => made.resize(entry?.contentRect.width ?? 0));
    observer.observe(element.current);
    return () => {
      unsubscribe();
      observer.disconnect();
      made[Symbol.dispose]();
      plot.current = undefined;
    };
  }, [theme, zone, hoveredTraceId]);

  useEffect(() => {
    plot.current?.update(data);
  }, [data]);

  const { traces } = answer;
  const failedCount = traces.filter(({ errorCount }) => errorCount > 0).length;
  return (
    <div className="scatter">
      <div
        ref={element}
        role="img"
        aria-label={`Duration over time of ${formatCounted(traces.length, 'trace')}, ${failedCount} with errors`}
      />
      {pointedAt === undefined ? undefined : (
        <ScatterTooltip point={pointedAt} locate={(point) => plot.current?.locate(point)} />
      )}
    </div>
  );
}

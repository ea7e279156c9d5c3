import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatCounted } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { COLORINGS, colorSpans } from '../../../trace/color-spans.ts';
import type { ColorGroup, Coloring } from '../../../trace/color-spans.ts';
import { useReadable } from '../use-readable.ts';

/** A trace may have thousands of names; the rarest are in nobody's way. */
const MAX_GROUPS = 100;

/** What the colours stand for, and each of them with how many spans have it; what does not fit scrolls. */
export function ColorLegend({ state }: { readonly state: TraceState }): ReactNode {
  const view = useReadable(state.view);
  const coloring = useReadable(state.coloring);
  const { groups } = useMemo(() => colorSpans(view, coloring), [view, coloring]);
  const texts = messages.trace.colors;
  return (
    <>
      <label className="color-choice">
        {texts.by}
        <select
          value={coloring}
          onChange={({ target }) => state.setColoring(readColoring(target.value))}
        >
          {COLORINGS.map((one) => (
            <option key={one} value={one}>
              {texts.names[one]}
            </option>
          ))}
        </select>
      </label>
      <ul className="color-legend" aria-label={texts.legends[coloring]}>
        {groups.slice(0, MAX_GROUPS).map((group) => (
          <LegendItem key={group.label} group={group} isByStatus={coloring === 'status'} />
        ))}
        {groups.length > MAX_GROUPS ? (
          <li className="color-legend-count">{texts.more(groups.length - MAX_GROUPS)}</li>
        ) : undefined}
      </ul>
    </>
  );
}

interface LegendItemProps {
  readonly group: ColorGroup;
  readonly isByStatus: boolean;
}

function LegendItem({ group, isByStatus }: LegendItemProps): ReactNode {
  const { color, spanCount, errorCount } = group;
  const label = group.label === '' ? messages.trace.noName : group.label;
  return (
    <li
      data-service-color={color}
      title={`${label}: ${formatCounted(spanCount, 'span')}, ${formatCount(errorCount)} failed`}
    >
      <span className="tree-mark" />
      <span className="color-legend-name">{label}</span>
      <span className="color-legend-count">{formatCount(spanCount)}</span>
      {errorCount > 0 && !isByStatus ? (
        <span className="color-legend-errors">{formatCount(errorCount)} failed</span>
      ) : undefined}
    </li>
  );
}

function readColoring(text: string): Coloring {
  return COLORINGS.find((one) => one === text) ?? 'service';
}

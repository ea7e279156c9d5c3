import type { ReactNode } from 'react';
import { formatCount, formatCounted } from '../../../base/format.ts';
import { serviceColorIndex } from '../../../base/service-color.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { useReadable } from '../use-readable.ts';

/** The services of the trace with their colours; what does not fit scrolls. */
export function ServiceLegend({ state }: { readonly state: TraceState }): ReactNode {
  const { services } = useReadable(state.view);
  const byCount = services
    .filter((one) => one.spanCount > 0)
    .sort((a, b) => b.spanCount - a.spanCount);
  return (
    <ul className="service-legend" aria-label="Services">
      {byCount.map(({ service, spanCount, errorCount }) => (
        <li
          key={service}
          data-service-color={serviceColorIndex(service)}
          title={`${service}: ${formatCounted(spanCount, 'span')}, ${formatCount(errorCount)} failed`}
        >
          <span className="tree-mark" />
          <span className="service-legend-name">{service}</span>
          <span className="service-legend-count">{formatCount(spanCount)}</span>
          {errorCount > 0 ? (
            <span className="service-legend-errors">{formatCount(errorCount)} failed</span>
          ) : undefined}
        </li>
      ))}
    </ul>
  );
}

import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatDurationShort } from '../../../base/format.ts';
import { formatMoment } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { boundsOfBucket } from './heatmap.ts';
import type { Heatmap, HeatmapBox } from './heatmap.ts';
import { toHeatmapTable } from './heatmap-table.ts';
import './duration-table.css';

const text = messages.search.picture;

const COLUMNS = 8;

/** The picture as numbers, each a way into it. */
export function DurationTable({
  heatmap,
  onNarrow,
}: {
  readonly heatmap: Heatmap;
  readonly onNarrow: (box: HeatmapBox) => void;
}): ReactNode {
  const zone = useTimeZone();
  const { times, rows } = useMemo(() => toHeatmapTable(heatmap, COLUMNS), [heatmap]);
  return (
    <div className="duration-table" role="region" aria-label={text.tableLabel} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{text.tableCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.durationUpTo}</th>
            {times.map(({ startMs }) => (
              <th key={startMs} scope="col">
                {formatMoment(startMs, heatmap.range.endMs, zone)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ bucket, cells }) => (
            <tr key={bucket}>
              <th scope="row">{formatDurationShort(boundsOfBucket(bucket)[1])}</th>
              {cells.map(({ box, spanCount, errorCount }) => (
                <td key={box.startMs}>
                  {spanCount === 0 ? undefined : (
                    <Button
                      look="quiet"
                      title={text.narrowTo}
                      onClick={() => onNarrow(box)}
                      data-failed={errorCount > 0}
                    >
                      {formatCount(spanCount)}
                      {errorCount === 0 ? undefined : <em>{text.failed(errorCount)}</em>}
                    </Button>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

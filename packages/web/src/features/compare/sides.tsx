import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ShownText } from '../../ui/shown-text.tsx';
import { formatDateTime } from '../../base/format-time.ts';
import { formatCounted, formatDuration } from '../../base/format.ts';
import { comparePage } from '../../messages/compare.ts';
import type { SideName } from '../../state/compare-url.ts';
import { shorterRootNs } from '../../trace/compare/shorter-root.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ServiceName } from '../../ui/service-name.tsx';
import { useTimeZone } from '../../ui/time-zone.tsx';
import type { PairProps } from './compare-page.tsx';

const texts = comparePage.sides;
const SIDES = ['a', 'b'] as const;

export interface SidesProps extends PairProps {
  /** What stands in the place of a trace that is to be chosen. */
  readonly fields?: Readonly<Record<SideName, ReactNode>> | undefined;
}

/** The two traces, one line each, their durations as bars on one scale. */
export function Sides(props: SidesProps): ReactNode {
  const { pair, sides, onSwap } = props;
  const longestNs = Math.max(sides.a.view?.durationNs ?? 0, sides.b.view?.durationNs ?? 0);
  return (
    <section className="compare-sides" aria-label={texts.label}>
      <ol>
        {SIDES.map((side) => (
          <Side key={side} {...props} side={side} longestNs={longestNs} />
        ))}
      </ol>
      {pair.a === undefined && pair.b === undefined ? undefined : (
        <Button look="quiet" className="compare-swap" title={texts.swapTitle} onClick={onSwap}>
          <Icon name="swap" />
          <span>{texts.swap}</span>
        </Button>
      )}
    </section>
  );
}

interface SideProps extends SidesProps {
  readonly side: SideName;
  readonly longestNs: number;
}

function Side({ pair, sides, onPair, side, longestNs, fields }: SideProps): ReactNode {
  const { view, trace, error } = sides[side];
  const field = fields?.[side];
  const name = comparePage.names[side];
  return (
    <li data-side={side}>
      <SideMark side={side} />
      {view === undefined ? (
        <div className="compare-side-missing">
          {field ?? (error === undefined ? ' ' : <code>{trace?.text}</code>)}
        </div>
      ) : (
        <SideFacts view={view} longestNs={longestNs} isOfFile={trace?.source === 'file'} />
      )}
      <span className="compare-side-actions">
        {view === undefined || trace === undefined ? undefined : (
          <Link
            to="/trace/$traceId"
            params={{ traceId: view.traceId }}
            search={trace.source === 'file' ? { source: 'file' } : {}}
            className="button button-quiet"
            aria-label={texts.openLabel(name)}
          >
            {texts.open}
          </Link>
        )}
        {view === undefined ? undefined : (
          <Button
            look="quiet"
            aria-label={texts.changeLabel(name)}
            onClick={() => onPair({ ...pair, [side]: undefined })}
          >
            {texts.change}
          </Button>
        )}
      </span>
    </li>
  );
}

/** The letter of a trace. */
export function SideMark({ side }: { readonly side: SideName }): ReactNode {
  return (
    <b className="compare-mark" data-side={side}>
      {comparePage.names[side]}
    </b>
  );
}

function SideFacts({
  view,
  longestNs,
  isOfFile,
}: {
  readonly view: TraceView;
  readonly longestNs: number;
  readonly isOfFile: boolean;
}): ReactNode {
  const zone = useTimeZone();
  const root = findTitleSpan(view);
  const rootNs = shorterRootNs(view);
  const share = longestNs === 0 ? 0 : (100 * view.durationNs) / longestNs;
  return (
    <>
      <span className="compare-side-name">
        <ServiceName service={serviceOf(view, root)} />
        <strong>
          <ShownText text={nameOf(view, root) || comparePage.noName} />
        </strong>
      </span>
      <span className="compare-side-duration">
        <svg aria-hidden="true">
          <rect width={`${share.toFixed(2)}%`} height="100%" />
        </svg>
        <b>{formatDuration(view.durationNs)}</b>
      </span>
      <span className="compare-side-facts">
        {rootNs === undefined ? undefined : (
          <span title={texts.ofRootTitle}>{texts.ofRoot(formatDuration(rootNs))}</span>
        )}
        <span>{formatCounted(view.spanCount, 'span')}</span>
        {view.errorCount === 0 ? (
          <span>{texts.noneFailed}</span>
        ) : (
          <span className="table-failed">
            <Icon name="error" />
            {texts.failed(view.errorCount, view.spanCount)}
          </span>
        )}
        <time>{formatDateTime(Number(view.startUnixNano / 1_000_000n), zone)}</time>
        {isOfFile ? <span>{texts.ofFile}</span> : undefined}
      </span>
    </>
  );
}

import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import type { ComparedTrace, SideName } from '../../../state/compare-url.ts';
import { groupOfRow, pairsOfGroup } from '../../../trace/compare/order-pairs.ts';
import { formatSpanKey } from '../../../trace/span-key.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { SideMark } from '../sides.tsx';
import { nameOfGroup } from '../work/names.tsx';
import type { WorkSource } from '../work/side-of-work.ts';
import { PathFigures, PairFigures } from './figures.tsx';
import { PairAttributes } from './pair-attributes.tsx';
import './pair-details.css';

const texts = comparePage.detail;

export interface PairDetailsProps {
  readonly source: WorkSource;
  /** Of `compared.spans`. */
  readonly row: number;
  readonly pair: Readonly<Record<SideName, ComparedTrace>>;
  readonly onSelect: (row: number | undefined) => void;
}

/** What is selected: its path in both traces, and one span beside its partner with the attributes of both. */
export function PairDetails(props: PairDetailsProps): ReactNode {
  const { source, row, onSelect } = props;
  const { compared } = source;
  const group = groupOfRow(compared, row);
  const { service, name, kind } = nameOfGroup(compared, group);
  return (
    <aside className="compare-details" aria-label={texts.label}>
      <header>
        <div>
          <ServiceName service={service} /> <small>{kind}</small>
          <h2>{name}</h2>
        </div>
        <Button
          look="quiet"
          aria-label={texts.close}
          title={texts.close}
          onClick={() => onSelect(undefined)}
        >
          <Icon name="close" />
        </Button>
      </header>
      <PathFigures source={source} row={row} />
      <PairSteps {...props} group={group} />
      <PairFigures source={source} row={row} />
      <p className="compare-links">
        <SpanLink {...props} side="a" />
        <SpanLink {...props} side="b" />
      </p>
      <PairAttributes {...props} />
    </aside>
  );
}

/** The spans of the path one after the other, those first that differ most. */
function PairSteps({
  source,
  row,
  group,
  onSelect,
}: PairDetailsProps & { readonly group: number }): ReactNode {
  const pairs = useMemo(() => pairsOfGroup(source, group), [source, group]);
  const at = pairs.indexOf(row);
  if (pairs.length < 2) return undefined;
  const step = (to: number) => {
    const next = pairs[to];
    if (next !== undefined) onSelect(next);
  };
  return (
    <div className="compare-steps">
      <span title={texts.pairsHint}>{texts.pairs(at + 1, pairs.length)}</span>
      <Button
        look="quiet"
        aria-label={texts.previous}
        title={texts.previous}
        disabled={at <= 0}
        onClick={() => step(at - 1)}
      >
        <Icon name="chevronUp" />
      </Button>
      <Button
        look="quiet"
        aria-label={texts.next}
        title={texts.next}
        disabled={at >= pairs.length - 1}
        onClick={() => step(at + 1)}
      >
        <Icon name="chevronDown" />
      </Button>
    </div>
  );
}

function SpanLink({
  source,
  row,
  pair,
  side,
}: PairDetailsProps & { readonly side: SideName }): ReactNode {
  const { spans } = source.compared;
  const isBase = side === 'a';
  const view = isBase ? source.baseView : source.otherView;
  const index = (isBase ? spans.baseIndexes : spans.otherIndexes)[row] ?? -1;
  if (index < 0) {
    return (
      <span>
        <SideMark side={side} /> {texts.missing}
      </span>
    );
  }
  const { source: from } = pair[side];
  const span = formatSpanKey(view, index);
  return (
    <Link
      to="/trace/$traceId"
      params={{ traceId: view.traceId }}
      search={from === 'file' ? { span, source: from } : { span }}
    >
      <SideMark side={side} /> {texts.open(comparePage.names[side])}
    </Link>
  );
}

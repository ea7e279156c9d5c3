import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { comparePage } from '../../../messages/compare.ts';
import { groupOfRow } from '../../../trace/compare/order-pairs.ts';
import { formatDifference, formatMissing } from '../work/difference.tsx';
import type { WorkSource } from '../work/side-of-work.ts';

const texts = comparePage.detail;

interface Figure {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly difference: string;
}

/** The path of calls in numbers: in A, in B, and the difference. */
export function PathFigures({
  source,
  row,
}: {
  readonly source: WorkSource;
  readonly row: number;
}): ReactNode {
  const group = groupOfRow(source.compared, row);
  const { base, other } = source.compared.groups;
  const counts = (name: string, a: Uint32Array, b: Uint32Array): Figure => {
    const [ofA, ofB] = [a[group] ?? 0, b[group] ?? 0];
    const sign = ofB > ofA ? '+' : '−';
    const difference = ofA === ofB ? '0' : `${sign}${formatCount(Math.abs(ofB - ofA))}`;
    return { name, a: formatCount(ofA), b: formatCount(ofB), difference };
  };
  const times = (name: string, a: Float64Array, b: Float64Array): Figure => ({
    name,
    a: formatMissing(base.spanCounts[group] === 0 ? undefined : a[group]),
    b: formatMissing(other.spanCounts[group] === 0 ? undefined : b[group]),
    difference: formatDifference((b[group] ?? 0) - (a[group] ?? 0)),
  });
  return (
    <FigureTable
      label={texts.figures}
      figures={[
        counts(texts.calls, base.spanCounts, other.spanCounts),
        counts(texts.errors, base.errorCounts, other.errorCounts),
        times(texts.total, base.durationsNs, other.durationsNs),
        times(texts.self, base.selfTimesNs, other.selfTimesNs),
        times(texts.share, base.sharesNs, other.sharesNs),
      ]}
    />
  );
}

/** One span and its partner in numbers. */
export function PairFigures({
  source: { compared, baseView, otherView },
  row,
}: {
  readonly source: WorkSource;
  readonly row: number;
}): ReactNode {
  const baseIndex = compared.spans.baseIndexes[row] ?? -1;
  const otherIndex = compared.spans.otherIndexes[row] ?? -1;
  const isPair = baseIndex >= 0 && otherIndex >= 0;
  const times = (name: string, a: Float64Array, b: Float64Array): Figure => ({
    name,
    a: formatMissing(a[baseIndex]),
    b: formatMissing(b[otherIndex]),
    difference: isPair
      ? formatDifference((b[otherIndex] ?? 0) - (a[baseIndex] ?? 0))
      : formatMissing(undefined),
  });
  return (
    <FigureTable
      label={texts.span}
      figures={[
        times(texts.duration, baseView.durationsNs, otherView.durationsNs),
        times(texts.self, compared.base.selfTimesNs, compared.other.selfTimesNs),
      ]}
    />
  );
}

function FigureTable({
  label,
  figures,
}: {
  readonly label: string;
  readonly figures: readonly Figure[];
}): ReactNode {
  const { names } = comparePage;
  return (
    <table className="compare-figures">
      <thead>
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">{names.a}</th>
          <th scope="col">{names.b}</th>
          <th scope="col">{texts.difference}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ name, a, b, difference }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{a}</td>
            <td>{b}</td>
            <td>{difference}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

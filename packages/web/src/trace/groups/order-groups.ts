import { unreachable } from '@clew/model';
import { allIndexes, sortIndexes } from '../../base/sort-indexes.ts';
import { rankTexts } from '../order-spans.ts';
import type { Sorting } from '../order-spans.ts';
import type { SpanGroups } from './group-spans.ts';
import type { GroupFigures } from './summarize-groups.ts';

export const GROUP_ORDERS = [
  'label',
  'count',
  'errors',
  'total',
  'self',
  'min',
  'p50',
  'p95',
  'p99',
  'max',
] as const;
export type GroupOrder = (typeof GROUP_ORDERS)[number];

/** The groups that have spans, in an order. */
export function orderGroups(
  { labels }: SpanGroups,
  figures: GroupFigures,
  { by, direction }: Sorting<GroupOrder>,
): Uint32Array {
  const present = allIndexes(labels.length).filter((group) => figures.counts[group] !== 0);
  return sortIndexes(present, keysOf(labels, figures, by), direction);
}

function keysOf(
  labels: SpanGroups['labels'],
  figures: GroupFigures,
  by: GroupOrder,
): ArrayLike<number> {
  switch (by) {
    case 'label':
      return rankTexts(
        labels.map(({ text, service }) => `${service ?? ''} ${text ?? '\u{10ffff}'}`),
      );
    case 'count':
      return figures.counts;
    case 'errors':
      return figures.errorCounts;
    case 'total':
      return figures.totalsNs;
    case 'self':
      return figures.selfTimesNs;
    case 'min':
      return figures.minsNs;
    case 'p50':
      return figures.p50sNs;
    case 'p95':
      return figures.p95sNs;
    case 'p99':
      return figures.p99sNs;
    case 'max':
      return figures.maxsNs;
    default:
      return unreachable(by);
  }
}

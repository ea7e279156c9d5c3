import { formatCount, formatDuration } from '../base/format.ts';
import { isolatedText } from '../base/visible-text.ts';

/** By how much the clock of a service is off: what is to be added to the times of its spans, from and to. */
export interface OffClock {
  readonly service: string;
  readonly minNs: number;
  readonly maxNs: number;
  readonly spanCount: number;
  readonly allCount: number;
}

/** Texts of clocks that do not go together. */
export const clock = {
  skew: (off: OffClock): string => {
    const { service, spanCount, allCount } = off;
    const counts = `${formatCount(spanCount)} of its ${formatCount(allCount)} spans`;
    const where = spanCount === allCount ? '' : ` in ${counts}`;
    return `The clock of ${isolatedText(service)} is ${describeRange(off)}${where}`;
  },
  more: (count: number): string =>
    count === 1 ? 'one more is off by less' : `${formatCount(count)} more are off by less`,
  corrected: ({ minNs, maxNs }: OffClock): string => {
    if (minNs < 0 && maxNs > 0) return 'its spans are drawn with times put right';
    return `its spans are drawn ${amountOf(minNs, maxNs)} ${maxNs > 0 ? 'later' : 'earlier'}`;
  },
  allCorrected: 'their spans are drawn with times put right',
  sent: 'spans are drawn as they were sent',
  why: 'As far as the calls of this trace show: what is called begins and ends while its caller waits',
  asSent: 'As sent',
  asSentTitle: 'Draw all spans at the times that were sent',
  name: 'Clock',
  /** Of one span: what its clock is off by, and where it is drawn. */
  moved: (skewNs: number): string =>
    `${describeOne(skewNs)}, drawn ${formatDuration(Math.abs(skewNs))} ${skewNs > 0 ? 'later' : 'earlier'}`,
  notMoved: (skewNs: number): string => `${describeOne(skewNs)}, drawn as sent`,
  sentAs: (clockTime: string): string => `sent as ${clockTime}`,
} as const;

function describeRange({ minNs, maxNs }: OffClock): string {
  if (minNs < 0 && maxNs > 0) {
    return `between ${formatDuration(-minNs)} ahead and ${formatDuration(maxNs)} behind`;
  }
  return `${amountOf(minNs, maxNs)} ${maxNs > 0 ? 'behind' : 'ahead'}`;
}

function describeOne(skewNs: number): string {
  return describeRange({ service: '', minNs: skewNs, maxNs: skewNs, spanCount: 1, allCount: 1 });
}

/** One figure where both read the same. */
function amountOf(minNs: number, maxNs: number): string {
  const amounts = [Math.abs(minNs), Math.abs(maxNs)].toSorted((a, b) => a - b);
  const [least = '', most = ''] = amounts.map((amount) => formatDuration(amount));
  return least === most ? most : `${least} to ${most}`;
}

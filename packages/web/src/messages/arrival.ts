import { formatCounted, formatDuration } from '../base/format.ts';

/** Spans whose parents are not here. */
export interface MissingParents {
  readonly orphanCount: number;
  readonly missingParentCount: number;
  readonly isRootMissing: boolean;
  readonly isArriving: boolean;
}

const leadOf = (isArriving: boolean): string => (isArriving ? 'Still arriving' : 'Incomplete');

/** Texts of what is missing from a trace, or may still be on its way. */
export const arrival = {
  refresh: 'Refresh',
  refreshing: 'Refreshing…',
  notRefreshed: (reason: string): string =>
    `Not refreshed: ${reason}. This is what was loaded before.`,
  missingSpan: (spanId: string): string =>
    `The span of this link, ${spanId}, is not here. It may still be on its way`,
  foldLosses: {
    tooMany:
      'More is folded away than an address has room for: who opens this link, or loads the page anew, sees it unfolded.',
    changed:
      'Spans have arrived since this link was made, so that what was folded away in it is unfolded.',
  },
  missingParents: (missing: MissingParents): string => {
    const { orphanCount, missingParentCount, isRootMissing, isArriving } = missing;
    const verb = orphanCount === 1 ? 'refers' : 'refer';
    const parents =
      missingParentCount === 1 ? 'a parent that is not here' : 'parents that are not here';
    const root = isRootMissing ? '; the root span is missing' : '';
    const why = isArriving ? '' : '. What is missing was lost, sampled away or deleted';
    const spans = formatCounted(orphanCount, 'span');
    return `${leadOf(isArriving)}: ${spans} ${verb} to ${parents}${root}${why}`;
  },
  noRoot: (isArriving: boolean): string => `${leadOf(isArriving)}: no root span is here`,
  recent: (ageNs: number): string =>
    `May still be arriving: the newest span ended ${formatDuration(ageNs)} before this was loaded`,
} as const;

/** What all of Jaeger's searches ask, whichever way they come in. */
import type { DurationNano, UnixNano } from '@clew/model';
import { joinConditions, negateCondition, searchOfForm } from '@clew/traceql';
import type { Expression } from '@clew/traceql';
import type { TraceSearch } from '../../query/trace-queries.ts';
import { conditionsOfTag } from './tag-conditions.ts';
import type { Tag } from './tag-conditions.ts';

export interface SearchTerms {
  /** Of any service when it is undefined or empty. */
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly tags: readonly Tag[];
  /** Inclusive. */
  readonly minDurationNano: DurationNano | undefined;
  readonly maxDurationNano: DurationNano | undefined;
  /** When the spans started: inclusive. */
  readonly startUnixNano: UnixNano | undefined;
  /** Exclusive. */
  readonly endUnixNano: UnixNano | undefined;
  /** At most `MAX_TRACES` are given. */
  readonly limit: number;
}

export const DEFAULT_TRACES = 100;
/** As many as Jaeger's own UI offers. */
export const MAX_TRACES = 1500;

/**
 * Searches for traces with a span that has all tags: by what it says itself, and, where its events or links may say some of it, for
 * those that do not. Together they are the one search that is meant; apart, the first is answered from columns and indexes, and the second has
 * to look at what few spans have.
 */
export function toTraceSearches(terms: SearchTerms): readonly [TraceSearch, ...TraceSearch[]] {
  const tags = terms.tags.map(conditionsOfTag);
  const own = tags.map((tag) => tag.own);
  if (tags.every(({ details }) => details === undefined)) return [searchFor(terms, own)];
  const anywhere = tags.map(({ own, details }) =>
    details === undefined ? own : joinConditions('||', [own, details]),
  );
  const others = [...anywhere, negateCondition(joinConditions('&&', own))];
  return [searchFor(terms, own), searchFor(terms, others)];
}

function searchFor(terms: SearchTerms, conditions: readonly Expression[]): TraceSearch {
  return {
    search: searchOfForm({
      service: terms.service || undefined,
      spanName: terms.operation || undefined,
      conditions,
      minDurationNano: terms.minDurationNano,
      maxDurationNano: terms.maxDurationNano,
    }),
    startUnixNano: terms.startUnixNano,
    endUnixNano: terms.endUnixNano,
    limit: Math.min(terms.limit, MAX_TRACES),
  };
}

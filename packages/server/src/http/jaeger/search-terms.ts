/** What all of Jaeger's searches ask, whichever way they come in. */
import type { DurationNano, UnixNano } from '@clew/model';
import { joinConditions, searchOfForm } from '@clew/traceql';
import type { Expression } from '@clew/traceql';
import type { TraceSearch } from '../../query/trace-queries.ts';
import { conditionsOfTag } from './tag-conditions.ts';
import type { Tag, TagConditions } from './tag-conditions.ts';

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
 * Searches for traces with a span that has all tags: by what it says itself, and, where its events or links may say some of it, by
 * those that do. Together they are the one search that is meant; apart, the first is answered from columns and indexes, and the second
 * has to look at what few spans have.
 */
export function toTraceSearches(terms: SearchTerms): readonly [TraceSearch, ...TraceSearch[]] {
  const tags = terms.tags.map(conditionsOfTag);
  const own = searchFor(
    terms,
    tags.map((tag) => tag.own),
  );
  const details = tags.map((tag) => tag.details).filter((each) => each !== undefined);
  if (details.length === 0) return [own];
  const others = tags.length === 1 ? [] : tags.map(anywhere);
  return [own, searchFor(terms, [joinConditions('||', details), ...others])];
}

function anywhere({ own, details }: TagConditions): Expression {
  return details === undefined ? own : joinConditions('||', [own, details]);
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

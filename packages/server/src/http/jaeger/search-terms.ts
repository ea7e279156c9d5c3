/** What all of Jaeger's searches ask, whichever way they come in. */
import type { DurationNano, UnixNano } from '@clew/model';
import { searchOfForm } from '@clew/traceql';
import type { TraceSearch } from '../../query/trace-queries.ts';
import { conditionOfTag } from './tag-conditions.ts';
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

export function toTraceSearch(terms: SearchTerms): TraceSearch {
  return {
    search: searchOfForm({
      service: terms.service || undefined,
      spanName: terms.operation || undefined,
      conditions: terms.tags.map(conditionOfTag),
      minDurationNano: terms.minDurationNano,
      maxDurationNano: terms.maxDurationNano,
    }),
    startUnixNano: terms.startUnixNano,
    endUnixNano: terms.endUnixNano,
    limit: Math.min(terms.limit, MAX_TRACES),
  };
}

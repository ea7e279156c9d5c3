import type { SpansetFilter } from '@clew/traceql';
import type { TraceOrder, TraceQuery } from '../../span-store.ts';
import type { KeyTypes } from '../attribute-keys.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import type { Sql } from '../engine/sql.ts';
import { asksForAttribute, findAnsweringFilters, serviceOf } from './answering-filters.ts';
import type { CandidateQuery } from './candidates.ts';
import { filtersOf, planLeanSpans } from './lean-spans.ts';
import type { LeanPlan } from './lean-spans.ts';
import { planSummaryCondition, planSummaryTest, rootFiltersOf } from './trace-conditions.ts';
import type { SummaryTest } from './trace-conditions.ts';
import { planCondition } from './traceql/condition.ts';
import { planWithSideTables } from './traceql/side-tables.ts';
import { possible } from './traceql/truth.ts';
import type { Truth } from './traceql/truth.ts';

export interface SearchPlan {
  /** Without filters where no trace can answer. */
  readonly candidates: CandidateQuery;
  /** Every candidate answers. */
  readonly isExact: boolean;
  /** How the traces can be read without attributes; undefined where they cannot. */
  readonly lean: LeanPlan | undefined;
  /** A span of the trace meets each of these, beside the one that makes it a candidate. */
  readonly required: readonly Sql[];
  /** The trace has spans of each of them. */
  readonly services: readonly string[];
  /** Whether a trace may answer, as far as its summary tells. */
  readonly mayAnswer: SummaryTest;
  /** The same and more as `traces` of candidates: it takes a look at all summaries, which is much for a few candidates. */
  readonly summaries: Sql | undefined;
  /** What a root of the trace meets, as `spans` of candidates: much for a few of them, too. */
  readonly roots: readonly Sql[];
}

const NEWEST_FIRST: TraceOrder = { by: 'start', direction: 'desc' };

/** What the engine is asked for the sake of a query, and what of it the engine cannot decide. */
export async function planSearch(
  query: TraceQuery,
  store: {
    readonly keys: KeyTypes;
    readonly ask: (statement: Sql) => Promise<RowBinaryReader>;
  },
): Promise<SearchPlan> {
  const { tenant, search, startUnixNano, endUnixNano } = query;
  const { keys, ask } = store;
  const { answering, required: asked, isPlain } = findAnsweringFilters(search.pipeline);
  const ofRoot = rootFiltersOf(asked);
  const required = [...asked, ...ofRoot];
  const filtersToPlan = [...new Set([...answering, ...required, ...filtersOf(search.pipeline)])];
  const truths = await planWithSideTables(
    (idsWhere) =>
      new Map(
        filtersToPlan.map((filter): [SpansetFilter, Truth] => [
          filter,
          planCondition(filter.condition, { keys, idsWhere }),
        ]),
      ),
    { tenant, ask },
  );
  const alternativesOf = (filter: SpansetFilter): readonly Sql[] =>
    truths.get(filter)?.alternatives ?? [];
  const possibleOf = (filters: readonly SpansetFilter[]): readonly Sql[] =>
    filters
      .map((filter) => truths.get(filter))
      .filter((truth) => truth !== undefined)
      .map(possible);
  const isPossible = required.every((filter) => alternativesOf(filter).length > 0);
  const filters = (isPossible ? answering : []).map((filter) => ({
    alternatives: alternativesOf(filter),
    service: serviceOf(filter),
    isSelective: asksForAttribute(filter),
  }));
  const { by, direction } = search.order ?? query.order ?? NEWEST_FIRST;
  const [only, ...others] = answering;
  return {
    candidates: {
      tenant,
      order: { by, direction },
      startUnixNano,
      endUnixNano,
      filters: filters.filter(({ alternatives }) => alternatives.length > 0),
    },
    lean: planLeanSpans(search.pipeline, truths),
    mayAnswer: planSummaryTest(asked),
    summaries: planSummaryCondition(asked, query.traces),
    services: required.map(serviceOf).filter((service) => service !== undefined),
    isExact: isPlain && only !== undefined && truths.get(only)?.isExact === true,
    // The one filter that candidates are found by need not be asked for again.
    required: possibleOf(required.filter((filter) => others.length > 0 || filter !== only)),
    roots: possibleOf(ofRoot),
  };
}

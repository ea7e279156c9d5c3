/** Random searches in TraceQL over random traces, for comparing what a store answers with what the evaluator says. */
import { assembleTrace } from '@clew/model';
import type { Trace } from '@clew/model';
import { checkQuery, parseQuery } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import fc from 'fast-check';
import { arbitraryCondition, arbitrarySpans } from './arbitrary-spans.ts';
import { traceId } from './spans.ts';
import { PLANNER_SEED } from './planner-runs.ts';

/** The same traces each time, with 1 to 15 spans each. */
export function sampleTraces(traceCount: number): readonly Trace[] {
  const spanCounts = fc.sample(fc.nat(14), { numRuns: traceCount, seed: PLANNER_SEED });
  return spanCounts.map((count, number) => {
    const seeded = { numRuns: 1, seed: PLANNER_SEED + number };
    const [spans = []] = fc.sample(arbitrarySpans(number + 1, count + 1), seeded);
    return assembleTrace(traceId(number + 1), spans);
  });
}

const filter = arbitraryCondition.map((condition) => `{ ${condition} }`);
const operators = ['&&', '||', '>', '>>', '<', '<<', '~', '!>', '!>>', '!<', '!<<', '!~'];
const unionOperators = ['&>', '&>>', '&<', '&<<', '&~'];
const operation = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(filter, fc.constantFrom(...names), filter).map((parts) => parts.join(' '));

const scalarPipeline = fc
  .tuple(
    fc.oneof(filter, operation(operators)),
    fc.constantFrom('count()', 'count() + 1', 'max(.a)', 'avg(duration) / 1ms'),
  )
  .map(([spansets, scalar]) => `(${spansets} | ${scalar})`);
const scalarFilter = fc
  .tuple(
    scalarPipeline,
    fc.constantFrom('=', '!=', '<', '>', '>='),
    fc.oneof(scalarPipeline, fc.constantFrom('0', '1', '3')),
  )
  .map((parts) => parts.join(' '));

/** Texts, of which some are refused by the checker. */
export const arbitrarySearch: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(filter, operation(operators), operation(unionOperators), scalarFilter),
    fc.constantFrom(
      '',
      ' | count() > 2',
      ' | { .a != nil }',
      ' | by(.http.route) | count() > 1 | coalesce()',
      ' | avg(duration) > 1ms',
      ' | { } >> { status = error }',
    ),
  )
  .map((parts) => parts.join(''));

export function parseSearch(text: string): SearchQuery {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind !== 'search') throw new Error(`not a search: ${text}`);
  return query;
}

export function parseSearchIfRight(text: string): SearchQuery | undefined {
  try {
    return parseSearch(text);
  } catch {
    return undefined;
  }
}

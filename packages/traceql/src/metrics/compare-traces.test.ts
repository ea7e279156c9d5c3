import type { Trace } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { checkQuery } from '../check-query.ts';
import { runWithoutPause } from '../evaluate/pausable.ts';
import { parseQuery } from '../parse-query.ts';
import { SHOP_TRACE, traceOf } from '../testing/shop-trace.ts';
import { CompareTable, MAX_COMPARED_VALUES } from './compare-table.ts';
import { compileComparison } from './compare-traces.ts';
import { computeComparison } from './compute-comparison.ts';
import type { Series } from './series.ts';

const START = 1_700_000_000_000_000_000n;
/** Spans 1 to 4 of `SHOP_TRACE` start in the first interval, 5 and 6 in the second. */
const RANGE = { startUnixNano: START, stepNano: 50_000_000n, binCount: 2 };

function compare(text: string, traces: readonly Trace[] = [SHOP_TRACE]): readonly Series[] {
  const query = parseQuery(text);
  checkQuery(query, text);
  const expression = query.kind === 'metrics' ? query.expression : undefined;
  if (expression?.kind !== 'metricsPipeline' || expression.function.name !== 'compare') {
    throw new Error(`not compare(): ${text}`);
  }
  const table = new CompareTable(RANGE.binCount);
  const count = compileComparison(expression.pipeline, expression.function, RANGE);
  for (const trace of traces) runWithoutPause(count(trace, table));
  return computeComparison(expression.function, table);
}

/** What is said of an attribute: `side value: counts`. */
function said(series: readonly Series[], attribute: string): readonly string[] {
  return series.flatMap(({ labels: [meta, label], values }) => {
    if (label?.name !== attribute) return [];
    const [side, value] = [meta, label].map((each) =>
      each?.value !== undefined && 'value' in each.value ? String(each.value.value) : 'nil',
    );
    return [`${side} ${value}: ${values.join(' ')}`];
  });
}

describe('compare()', () => {
  test('counts values by side and interval, and how many spans have the attribute', () => {
    const series = compare('{ } | compare({ status = error })');
    expect(said(series, 'kind')).toEqual([
      'baseline client: 1 0',
      'baseline internal: 1 1',
      'baseline producer: 0 1',
      'baseline server: 1 0',
      'baseline_total nil: 3 2',
      'selection server: 1 0',
      'selection_total nil: 1 0',
    ]);
    expect(said(series, 'span.db.rows')).toEqual([
      'baseline 3: 1 0',
      'baseline_total nil: 1 0',
      'selection 7.5: 1 0',
      'selection_total nil: 1 0',
    ]);
    expect(said(series, 'resource.service.name')).toEqual([
      'baseline mail: 0 2',
      'baseline shop: 3 0',
      'baseline_total nil: 3 2',
      'selection stock: 1 0',
      'selection_total nil: 1 0',
    ]);
  });

  test('looks at the spans that the pipeline yields, whatever decides on the selection', () => {
    const series = compare('{ kind = server } >> { } | compare({ parent.shared = "span" })');
    expect(said(series, 'name')).toEqual([
      'baseline GET /stock: 1 0',
      'baseline query cart: 1 0',
      'baseline_total nil: 2 0',
      'selection render: 1 0',
      'selection send: 0 1',
      'selection_total nil: 1 1',
    ]);
  });

  test('tells a text from a number', () => {
    const series = compare('{ } | compare({ true })');
    expect(said(series, 'span.code')).toEqual([
      'selection 500: 1 0',
      'selection 500: 1 0',
      'selection_total nil: 2 0',
    ]);
  });

  test('takes what started in a time for the selection', () => {
    const window = `${START + 10_000_000n}, ${START + 25_000_000n}`;
    const series = compare(`{ } | compare({ }, 10, ${window})`);
    expect(said(series, 'name').filter((each) => each.startsWith('selection '))).toEqual([
      'selection query cart: 1 0',
      'selection render: 1 0',
    ]);
  });

  test('keeps the values that most spans have, of equally many the first', () => {
    const series = compare('{ } | compare({ false }, 2)');
    expect(said(series, 'kind')).toEqual([
      'baseline internal: 1 1',
      'baseline server: 2 0',
      'baseline_total nil: 4 2',
    ]);
    expect(said(series, 'name').slice(0, 2)).toEqual([
      'baseline GET /cart: 1 0',
      'baseline GET /stock: 1 0',
    ]);
  });

  test('knows only how many spans have a list', () => {
    expect(said(compare('{ } | compare({ })'), 'span.tags')).toEqual(['selection_total nil: 0 1']);
  });

  test('says of an attribute with too many values only how many spans have it', () => {
    const ids = (count: number) =>
      traceOf(
        Array.from({ length: count }, (_, i) => ({ id: i + 1, startMs: 1, attributes: { id: i } })),
      );
    const most = compare('{ } | compare({ false }, 1000)', [ids(MAX_COMPARED_VALUES)]);
    expect(said(most, 'span.id')).toHaveLength(MAX_COMPARED_VALUES + 1);
    const many = compare('{ } | compare({ false })', [ids(MAX_COMPARED_VALUES + 1)]);
    expect(said(many, 'span.id')).toEqual([
      '__too_many_values__ nil: 0 0',
      'baseline_total nil: 1001 0',
    ]);
  });
});

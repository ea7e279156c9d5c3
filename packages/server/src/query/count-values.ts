/** How many spans have each value of an attribute, as a TraceQL query of metrics. */
import { unreachable } from '@clew/model';
import { ALL_SPANS, NOWHERE, attributeField } from '@clew/traceql';
import type { MetricsQuery, Series } from '@clew/traceql';
import type { AttributeOwner, KnownValue } from '../storage/span-store.ts';
import { metricsBy } from './metrics-query.ts';

export interface CountedValue extends KnownValue {
  readonly spanCount: number;
}

/** Without an owner, a span's own attribute counts before its resource's. */
export function countsByValue(key: string, owner: AttributeOwner | undefined): MetricsQuery {
  const field = attributeField(owner ?? 'any', key);
  const pipeline = { stages: [ALL_SPANS], range: NOWHERE } as const;
  return metricsBy(pipeline, { name: 'count_over_time', range: NOWHERE }, field);
}

/** The values of the series that `countsByValue` computes; what is no single value of a type is left out. */
export function countedValuesOf(series: readonly Series[]): readonly CountedValue[] {
  return series.flatMap(({ labels, values }): readonly CountedValue[] => {
    const value = labels[0]?.value;
    const spanCount = values[0] ?? 0;
    switch (value?.type) {
      case 'string':
        return [{ type: 'string', value: value.value, spanCount }];
      case 'int':
      case 'bool':
        return [{ type: value.type, value: String(value.value), spanCount }];
      case 'float':
        return [{ type: 'double', value: String(value.value), spanCount }];
      case undefined:
      case 'duration':
      case 'kind':
      case 'list':
      case 'other':
      case 'status':
        return [];
      default:
        return unreachable(value);
    }
  });
}

/** Those that are known and those that were counted, most spans first. */
export function withCounts(
  known: readonly KnownValue[],
  counted: readonly CountedValue[],
): readonly CountedValue[] {
  const byText = new Map<string, CountedValue>();
  for (const each of known) byText.set(`${each.type} ${each.value}`, { ...each, spanCount: 0 });
  for (const each of counted) byText.set(`${each.type} ${each.value}`, each);
  return [...byText.values()].sort(
    (a, b) => b.spanCount - a.spanCount || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
  );
}

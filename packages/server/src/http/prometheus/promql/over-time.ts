/** Functions of the values that an expression had in a window of time. */
import { unreachable } from '@clew/model';
import type { Evaluation } from './compile-promql.ts';
import { LabelGrouper, METRIC_NAME, dropLabels } from './labels.ts';
import type { LabelGroup, Sample } from './labels.ts';
import { quantileOf } from './quantile-of.ts';
import type { SubqueryTimes } from './subquery-times.ts';
import type { OverTimeFunction } from './syntax-tree.ts';

/** `operand` by the moments of the subquery, the rest by steps of what is around it. */
export function compileOverTime(
  name: OverTimeFunction,
  operand: Evaluation<readonly Sample[]>,
  { times, quantile }: { readonly times: SubqueryTimes; readonly quantile: Evaluation<number> },
): Evaluation<readonly Sample[]> {
  const nameless = new LabelGrouper((labels) =>
    name === 'last_over_time' ? labels : dropLabels(labels, [METRIC_NAME]),
  );
  const known = new Map<number, readonly Sample[]>();
  const samplesAt = (moment: number): readonly Sample[] => {
    const samples = known.get(moment) ?? operand(moment);
    known.set(moment, samples);
    return samples;
  };
  return (step) => {
    const values = new Map<LabelGroup, number[]>();
    const to = times.to[step] ?? 0;
    for (let moment = times.from[step] ?? 0; moment < to; moment++) {
      for (const sample of samplesAt(moment)) {
        const group = nameless.groupOf(sample.labels);
        const ofGroup = values.get(group);
        if (ofGroup === undefined) values.set(group, [sample.value]);
        else ofGroup.push(sample.value);
      }
    }
    return [...values].map(([{ labels }, each]) => ({
      labels,
      value: summarize(name, each, quantile(step)),
    }));
  };
}

/** Of at least one value. */
function summarize(name: OverTimeFunction, values: readonly number[], quantile: number): number {
  switch (name) {
    case 'avg_over_time':
      return sumOf(values) / values.length;
    case 'min_over_time':
      return extremeOf(values, (value, other) => value < other);
    case 'max_over_time':
      return extremeOf(values, (value, other) => value > other);
    case 'sum_over_time':
      return sumOf(values);
    case 'count_over_time':
      return values.length;
    case 'last_over_time':
      return values.at(-1) ?? NaN;
    case 'quantile_over_time':
      return quantileOf(values, quantile);
    default:
      return unreachable(name);
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What is no number counts only where there is no other. */
function extremeOf(
  values: readonly number[],
  isBetter: (value: number, other: number) => boolean,
): number {
  return values.reduce((best, value) =>
    Number.isNaN(best) || isBetter(value, best) ? value : best,
  );
}

import { unreachable } from '@clew/model';
import type { Evaluation } from './compile-promql.ts';
import { LabelGrouper, METRIC_NAME, dropLabels, pickLabels } from './labels.ts';
import type { LabelGroup, Sample } from './labels.ts';
import { quantileOf } from './quantile-of.ts';
import type { Aggregation, AggregationName, Grouping } from './syntax-tree.ts';

export function compileAggregation(
  { name, grouping }: Aggregation,
  operand: Evaluation<readonly Sample[]>,
  parameter: Evaluation<number> | undefined,
): Evaluation<readonly Sample[]> {
  const grouper = new LabelGrouper(reducerOf(grouping));
  return (step) => {
    const groups = groupSamples(operand(step), grouper);
    if (name === 'topk' || name === 'bottomk') {
      const count = Math.trunc(parameter?.(step) ?? 0);
      return groups.flatMap(({ samples }) => pickExtreme(samples, count, name));
    }
    return groups.map(({ group, samples }) => ({
      labels: group.labels,
      value: aggregate(name, samples, parameter?.(step) ?? NaN),
    }));
  };
}

function reducerOf({ kind, labels }: Grouping): ConstructorParameters<typeof LabelGrouper>[0] {
  return kind === 'by'
    ? (given) => pickLabels(given, labels)
    : (given) => dropLabels(given, [...labels, METRIC_NAME]);
}

interface SampleGroup {
  readonly group: LabelGroup;
  readonly samples: Sample[];
}

function groupSamples(samples: readonly Sample[], grouper: LabelGrouper): readonly SampleGroup[] {
  const groups = new Map<LabelGroup, SampleGroup>();
  for (const sample of samples) {
    const group = grouper.groupOf(sample.labels);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, { group, samples: [sample] });
    else known.samples.push(sample);
  }
  return [...groups.values()];
}

/** Of at least one sample. */
function aggregate(
  name: Exclude<AggregationName, 'topk' | 'bottomk'>,
  samples: readonly Sample[],
  parameter: number,
): number {
  switch (name) {
    case 'sum':
      return sumOf(samples);
    case 'avg':
      return sumOf(samples) / samples.length;
    case 'min':
      return extremeOf(samples, (value, other) => value < other);
    case 'max':
      return extremeOf(samples, (value, other) => value > other);
    case 'count':
      return samples.length;
    case 'group':
      return 1;
    case 'stddev':
      return Math.sqrt(varianceOf(samples));
    case 'stdvar':
      return varianceOf(samples);
    case 'quantile':
      return quantileOf(
        samples.map(({ value }) => value),
        parameter,
      );
    default:
      return unreachable(name);
  }
}

function sumOf(samples: readonly Sample[]): number {
  let sum = 0;
  for (const { value } of samples) sum += value;
  return sum;
}

function varianceOf(samples: readonly Sample[]): number {
  const mean = sumOf(samples) / samples.length;
  const squares = samples.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return squares / samples.length;
}

/** What is no number counts only where there is no other. */
function extremeOf(
  samples: readonly Sample[],
  isBetter: (value: number, other: number) => boolean,
): number {
  let best = NaN;
  for (const { value } of samples) if (Number.isNaN(best) || isBetter(value, best)) best = value;
  return best;
}

/** The first `count`, the best first; what is no number comes last. */
function pickExtreme(
  samples: readonly Sample[],
  count: number,
  name: 'topk' | 'bottomk',
): readonly Sample[] {
  if (!(count >= 1)) return [];
  const direction = name === 'topk' ? -1 : 1;
  const sorted = samples.toSorted((a, b) => {
    const [isFirstNone, isSecondNone] = [Number.isNaN(a.value), Number.isNaN(b.value)];
    if (isFirstNone || isSecondNone) return Number(isFirstNone) - Number(isSecondNone);
    return direction * (a.value - b.value);
  });
  return sorted.slice(0, count);
}

import { unreachable } from '@clew/model';
import type { Evaluation, PromqlValue } from './compile-promql.ts';
import { PromqlExecutionError } from './execution-error.ts';
import { LabelGrouper, METRIC_NAME, dropLabels, pickLabels } from './labels.ts';
import type { LabelGroup, Labels, Sample } from './labels.ts';
import type { BinaryOperation, Matching } from './syntax-tree.ts';

type Operator = BinaryOperation['operator'];
type SetOperator = 'and' | 'or' | 'unless';

export function compileBinary(
  operation: BinaryOperation,
  left: Evaluation,
  right: Evaluation,
): Evaluation {
  const { operator } = operation;
  if (isSet(operator)) {
    const combine = createSetOperation(operator, operation.matching);
    return (step) => combine(toVector(left(step)), toVector(right(step)));
  }
  const vectors = new VectorOperation(operation, operator);
  return (step) => {
    const [first, second] = [left(step), right(step)];
    if (typeof first === 'number' && typeof second === 'number') {
      return toNumber(compute(operator, first, second));
    }
    return vectors.apply(first, second);
  };
}

/** A number; or whether a comparison holds. */
function compute(operator: Exclude<Operator, SetOperator>, a: number, b: number): number | boolean {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return unreachable(operator);
  }
}

function toNumber(result: number | boolean): number {
  return typeof result === 'number' ? result : Number(result);
}

function toVector(value: PromqlValue): readonly Sample[] {
  return typeof value === 'object' ? value : [];
}

function isSet(operator: Operator): operator is SetOperator {
  return operator === 'and' || operator === 'or' || operator === 'unless';
}

/** Arithmetic and comparisons, of which at least one side is samples. */
class VectorOperation {
  readonly #operator: Exclude<Operator, SetOperator>;
  readonly #isBool: boolean;
  readonly #matching: Matching;
  readonly #matches: LabelGrouper;
  /** What a result is called after one sample; a comparison's keeps the metric's name. */
  readonly #results: LabelGrouper;
  readonly #common: LabelGrouper;
  readonly #joined = new WeakMap<Labels, Map<Labels, Labels>>();

  constructor({ matching, isBool }: BinaryOperation, operator: Exclude<Operator, SetOperator>) {
    this.#operator = operator;
    this.#isBool = isBool;
    this.#matching = matching;
    this.#matches = createMatcher(matching);
    this.#common = new LabelGrouper(reduceToCommon(matching));
    const isFilter = /^[=!<>]/.test(operator) && !isBool;
    this.#results = new LabelGrouper(isFilter ? (labels) => labels : withoutName);
  }

  apply(left: PromqlValue, right: PromqlValue): readonly Sample[] {
    if (typeof left === 'number') {
      return toVector(right).flatMap(({ labels, value }) =>
        this.#result(labels, left, value, value),
      );
    }
    if (typeof right === 'number') {
      return toVector(left).flatMap(({ labels, value }) =>
        this.#result(labels, value, right, value),
      );
    }
    return this.#join(toVector(left), toVector(right));
  }

  /** `kept` is the number of a comparison that holds. */
  #result(labels: Labels, left: number, right: number, kept: number): readonly Sample[] {
    const result = compute(this.#operator, left, right);
    const resultLabels = this.#results.groupOf(labels).labels;
    if (typeof result === 'number') return [{ labels: resultLabels, value: result }];
    if (this.#isBool) return [{ labels: resultLabels, value: Number(result) }];
    return result ? [{ labels: resultLabels, value: kept }] : [];
  }

  #join(left: readonly Sample[], right: readonly Sample[]): readonly Sample[] {
    const { many } = this.#matching;
    const isRightMany = many === 'right';
    const [those, ones] = isRightMany ? [right, left] : [left, right];
    const oneByGroup = this.#indexOnes(ones, isRightMany ? 'left' : 'right');
    const seen = new Set<LabelGroup | Labels>();
    const results: Sample[] = [];
    for (const sample of those) {
      const group = this.#matches.groupOf(sample.labels);
      const one = oneByGroup.get(group);
      if (one === undefined) continue;
      const [first, second] = isRightMany ? [one.value, sample.value] : [sample.value, one.value];
      const joined = this.#result(
        this.#joinLabels(sample.labels, one.labels),
        first,
        second,
        first,
      );
      const [result] = joined;
      if (result === undefined) continue;
      // Equal labels of results are one object.
      const key = many === undefined ? group : result.labels;
      if (seen.has(key))
        throw new PromqlExecutionError(
          `multiple matches for labels: ${many === undefined ? EXPLICIT : UNIQUE}`,
        );
      seen.add(key);
      results.push(result);
    }
    return results;
  }

  #indexOnes(ones: readonly Sample[], side: 'left' | 'right'): ReadonlyMap<LabelGroup, Sample> {
    const byGroup = new Map<LabelGroup, Sample>();
    for (const one of ones) {
      const group = this.#matches.groupOf(one.labels);
      if (byGroup.has(group)) {
        throw new PromqlExecutionError(
          `found duplicate series for the match group ${formatLabels(group.labels)} on the ${side} hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
        );
      }
      byGroup.set(group, one);
    }
    return byGroup;
  }

  #joinLabels(many: Labels, one: Labels): Labels {
    if (this.#matching.many === undefined) return this.#common.groupOf(many).labels;
    return this.#matching.include.length === 0 ? many : this.#include(many, one);
  }

  /** Once for each pair, which comes again at every step. */
  #include(many: Labels, one: Labels): Labels {
    const known = this.#joined.get(many) ?? new Map<Labels, Labels>();
    this.#joined.set(many, known);
    let joined = known.get(one);
    if (joined === undefined) {
      const labels = new Map(many);
      for (const label of this.#matching.include) {
        const value = one.get(label);
        if (value === undefined) labels.delete(label);
        else labels.set(label, value);
      }
      joined = labels;
      known.set(one, joined);
    }
    return joined;
  }
}

const EXPLICIT = 'many-to-one matching must be explicit (group_left/group_right)';
const UNIQUE = 'grouping labels must ensure unique matches';

/** Of one to one, what both sides have in common; whether the name stays is seen to elsewhere. */
function reduceToCommon({ kind, labels }: Matching): ConstructorParameters<typeof LabelGrouper>[0] {
  return kind === 'on'
    ? (given) => pickLabels(given, labels)
    : (given) => dropLabels(given, labels);
}

function createSetOperation(
  operator: SetOperator,
  matching: Matching,
): (left: readonly Sample[], right: readonly Sample[]) => readonly Sample[] {
  const matches = createMatcher(matching);
  const groupsOf = (samples: readonly Sample[]): ReadonlySet<LabelGroup> =>
    new Set(samples.map(({ labels }) => matches.groupOf(labels)));
  return (left, right) => {
    if (operator === 'or') {
      const groups = groupsOf(left);
      return [...left, ...right.filter(({ labels }) => !groups.has(matches.groupOf(labels)))];
    }
    const groups = groupsOf(right);
    const isWanted = operator === 'and';
    return left.filter(({ labels }) => groups.has(matches.groupOf(labels)) === isWanted);
  };
}

function createMatcher({ kind, labels }: Matching): LabelGrouper {
  return new LabelGrouper(
    kind === 'on'
      ? (given) => pickLabels(given, labels)
      : (given) => dropLabels(given, [...labels, METRIC_NAME]),
  );
}

function withoutName(labels: Labels): Labels {
  return dropLabels(labels, [METRIC_NAME]);
}

function formatLabels(labels: Labels): string {
  return `{${[...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

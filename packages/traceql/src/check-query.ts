/**
 * Finds what is wrong with a query that can be read. Attributes may hold anything, so what is said of them is never wrong:
 * where kinds differ a comparison is false. Wrong is what can never come to anything, whatever the spans are: a filter that is
 * neither true nor false, arithmetic with texts, a pattern that is none.
 */
import { QuerySyntaxError, unreachable } from '@clew/model';
import type { RE2JS } from 're2js';
import { MAX_PATTERN_INSTRUCTIONS, compilePattern } from './compile-pattern.ts';
import { INTRINSIC_KINDS } from './field-kind.ts';
import type { ValueKind } from './field-kind.ts';
import { MAX_COMPARED_VALUES } from './metrics/compare-table.ts';
import { isComparison, isLogical, isMatch } from './operators.ts';
import type {
  BinaryOperation,
  CompareFunction,
  Expression,
  GroupStage,
  Hint,
  MetricsExpression,
  MetricsPipeline,
  Pipeline,
  Query,
  ScalarExpression,
  ScalarPipeline,
  SpansetExpression,
  Stage,
  StaticValue,
  TextRange,
} from './syntax-tree.ts';

/** Longer patterns take long to make, whatever they match. */
const MAX_PATTERN_LENGTH = 4096;

/** Throws `QuerySyntaxError` for the first thing that is wrong with a query, whose text it is given for the error. */
export function checkQuery(query: Query, text: string): void {
  new QueryCheck(text).check(query);
}

class QueryCheck {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  check(query: Query): void {
    if (query.kind === 'metrics') this.#metrics(query.expression);
    else this.#pipeline(query.pipeline);
    for (const hint of query.hints) {
      this.#hint(hint);
      const isOfCompare = query.kind === 'metrics' && isCompare(query.expression);
      if (isOfCompare && hint.name === 'weighted') {
        this.#fail('compare() counts spans without weight', hint.range);
      }
    }
  }

  #pipeline({ stages }: Pipeline): void {
    for (const stage of stages) this.#stage(stage);
  }

  #stage(stage: Stage): void {
    switch (stage.kind) {
      case 'filter':
      case 'operation':
      case 'pipeline':
        return this.#spansets(stage);
      case 'aggregateFilter':
      case 'scalarFilter': {
        const isOfPipelines = stage.kind === 'scalarFilter';
        this.#scalar(stage.left, isOfPipelines);
        return this.#scalar(stage.right, isOfPipelines);
      }
      case 'group':
        this.#expression(stage.by);
        return;
      case 'coalesce':
      case 'select':
        return;
      default:
        return unreachable(stage);
    }
  }

  #spansets(expression: SpansetExpression): void {
    switch (expression.kind) {
      case 'filter':
        if (expression.condition !== undefined) this.#expect(expression.condition, ['bool']);
        return;
      case 'pipeline':
        return this.#pipeline(expression.pipeline);
      case 'operation':
        for (const side of [expression.left, expression.right]) {
          this.#spansets(side);
          if (side.kind === 'pipeline') {
            this.#expectOneSpanset(side.pipeline, expression.operator);
          }
        }
        return;
      default:
        return unreachable(expression);
    }
  }

  /** What joins the spans of a pipeline with others cannot tell which of several sets is meant. */
  #expectOneSpanset(pipeline: Pipeline, joint: string): void {
    const group = findLastGroup(pipeline);
    if (group === undefined) return;
    this.#fail(`${joint} needs one spanset: put coalesce() behind by()`, group.range);
  }

  /** Numbers are of the spanset at hand, or each of a pipeline of its own. */
  #scalar(expression: ScalarExpression, isOfPipelines: boolean): void {
    switch (expression.kind) {
      case 'literal':
        this.#expect(expression, ['number']);
        return;
      case 'scalarPipeline':
        if (!isOfPipelines) this.#fail(`expected ${AGGREGATE}`, expression.range);
        return this.#scalarPipeline(expression);
      case 'aggregate':
        if (isOfPipelines) this.#fail(`expected ${SCALAR_PIPELINE}`, expression.range);
        if (expression.argument !== undefined) this.#expect(expression.argument, ['number']);
        return;
      case 'scalarOperation':
        this.#scalar(expression.left, isOfPipelines);
        return this.#scalar(expression.right, isOfPipelines);
      default:
        return unreachable(expression);
    }
  }

  #scalarPipeline({ pipeline, scalar }: ScalarPipeline): void {
    this.#pipeline(pipeline);
    this.#scalar(scalar, false);
    this.#expectOneSpanset(pipeline, 'an aggregate of a pipeline');
  }

  #expect(expression: Expression, expected: readonly ValueKind[]): void {
    const kind = this.#expression(expression);
    if (kind === 'any' || expected.includes(kind)) return;
    this.#fail(`expected ${EXPECTATIONS[expected[0] ?? 'any']}`, expression.range);
  }

  #expression(expression: Expression): ValueKind {
    switch (expression.kind) {
      case 'literal':
        return kindOfValue(expression.value);
      case 'attribute':
        return 'any';
      case 'intrinsic':
        return INTRINSIC_KINDS[expression.name];
      case 'unary': {
        const kind = expression.operator === '!' ? 'bool' : 'number';
        this.#expect(expression.operand, [kind]);
        return kind;
      }
      case 'binary':
        return this.#binary(expression);
      default:
        return unreachable(expression);
    }
  }

  #binary({ operator, left, right }: BinaryOperation): ValueKind {
    if (isMatch(operator)) {
      this.#expect(left, ['string']);
      this.#pattern(right);
      return 'bool';
    }
    if (isComparison(operator)) {
      this.#expression(left);
      this.#expression(right);
      return 'bool';
    }
    const kind = isLogical(operator) ? 'bool' : 'number';
    this.#expect(left, [kind]);
    this.#expect(right, [kind]);
    return kind;
  }

  #pattern(expression: Expression): void {
    const isText = expression.kind === 'literal' && expression.value.type === 'string';
    if (!isText) this.#fail('expected a regular expression in quotes', expression.range);
    const source = expression.value.type === 'string' ? expression.value.value : '';
    if (source.length > MAX_PATTERN_LENGTH) {
      this.#fail(`a pattern may have ${MAX_PATTERN_LENGTH} characters`, expression.range);
    }
    let pattern: RE2JS | undefined;
    try {
      pattern = compilePattern(source);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#fail(`not a regular expression: ${reason}`, expression.range);
    }
    if (pattern !== undefined) return;
    const expected = 'fewer or smaller repetitions';
    this.#fail(
      `a pattern may compile to ${MAX_PATTERN_INSTRUCTIONS} instructions: expected ${expected}`,
      expression.range,
    );
  }

  #metrics(expression: MetricsExpression): void {
    switch (expression.kind) {
      case 'number':
        return;
      case 'metricsOperation':
        for (const side of [expression.left, expression.right]) {
          if (isCompare(side)) this.#fail('compare() cannot be part of arithmetic', side.range);
          this.#metrics(side);
        }
        return;
      case 'metricsPipeline':
        return this.#metricsPipeline(expression);
      default:
        return unreachable(expression);
    }
  }

  #metricsPipeline(metrics: MetricsPipeline): void {
    const { pipeline, function: each, seconds } = metrics;
    this.#pipeline(pipeline);
    if ('field' in each) this.#expect(each.field, ['number']);
    if (each.name === 'compare') this.#comparison(each, metrics);
    for (const second of seconds) {
      if (second.kind === 'compare') this.#expect(second.value, ['number']);
      else if (second.count < 1) this.#fail('expected a number of series from 1 on', second.range);
    }
  }

  /** It makes series of all attributes, so there is nothing to group by, and sizes of one say nothing beside those of another. */
  #comparison(
    { selection, topCount = 1, window, range }: CompareFunction,
    { by, seconds }: MetricsPipeline,
  ): void {
    this.#spansets(selection);
    if (topCount < 1 || topCount > MAX_COMPARED_VALUES) {
      this.#fail(`expected a number of values from 1 to ${MAX_COMPARED_VALUES}`, range);
    }
    if (window !== undefined && window.endUnixNano <= window.startUnixNano) {
      this.#fail("the selection's time ends before it starts", range);
    }
    const [field] = by;
    if (field !== undefined) this.#fail('compare() has no by()', field.range);
    const [second] = seconds;
    if (second !== undefined) this.#fail('compare() is the end of a query', second.range);
  }

  #hint({ name, value, range }: Hint): void {
    const expected = Object.hasOwn(HINTS, name) ? HINTS[name] : undefined;
    if (expected === undefined) {
      this.#fail(`expected a hint (${Object.keys(HINTS).join(', ')})`, range);
    }
    if (!expected.includes(kindOfValue(value.value))) {
      this.#fail(
        `expected ${expected.map((kind) => EXPECTATIONS[kind]).join(' or ')}`,
        value.range,
      );
    }
  }

  #fail(message: string, range: TextRange): never {
    throw new QuerySyntaxError(message, { text: this.#text, position: range.start });
  }
}

/** What splits spansets without a `coalesce()` behind it; undefined where one spanset comes of one. */
function findLastGroup({ stages }: Pipeline): GroupStage | undefined {
  let group: GroupStage | undefined;
  for (const stage of stages) {
    if (stage.kind === 'group') group = stage;
    if (stage.kind === 'coalesce') group = undefined;
    if (stage.kind === 'pipeline') group = findLastGroup(stage.pipeline) ?? group;
  }
  return group;
}

function isCompare(expression: MetricsExpression): boolean {
  return expression.kind === 'metricsPipeline' && expression.function.name === 'compare';
}

const AGGREGATE = 'a number or an aggregate such as count()';
const SCALAR_PIPELINE = 'a number or an aggregate of a pipeline such as ({ } | count())';

const EXPECTATIONS: Readonly<Record<ValueKind, string>> = {
  string: 'a text',
  number: 'a number or a duration',
  bool: 'something that is true or false',
  status: 'a status',
  kind: 'a kind',
  nil: 'nil',
  any: 'a value',
};

/** Hints that are understood, Tempo's among them that ask for what is always so here, and the kinds of their values. */
const HINTS: Readonly<Record<string, readonly ValueKind[]>> = {
  exemplars: ['bool', 'number'],
  extrapolate: ['bool'],
  most_recent: ['bool'],
  power_of_two_buckets: ['bool'],
  sample: ['bool', 'number'],
  span_sample: ['bool', 'number'],
  trace_sample: ['bool', 'number'],
  weighted: ['bool'],
};

function kindOfValue(value: StaticValue): ValueKind {
  switch (value.type) {
    case 'int':
    case 'float':
    case 'duration':
      return 'number';
    case 'string':
    case 'bool':
    case 'status':
    case 'kind':
    case 'nil':
      return value.type;
    default:
      return unreachable(value);
  }
}

/** Trees to text that `parseQuery` reads as the same tree, with as few parentheses as that takes. */
import { unreachable } from '@clew/model';
import { formatDuration } from './duration.ts';
import { formatIntrinsic } from './intrinsics.ts';
import { LEVELS, NOT_LEVEL, SIGN_LEVEL } from './operators.ts';
import { isFraction } from './lexer.ts';
import { formatQuoted } from './quoted-text.ts';
import type {
  Expression,
  Field,
  Hint,
  MetricsExpression,
  MetricsFunction,
  MetricsPipeline,
  Pipeline,
  Query,
  ScalarExpression,
  SecondStage,
  SpansetExpression,
  Stage,
  StaticValue,
} from './syntax-tree.ts';

export function printQuery(query: Query): string {
  const hints = printHints(query.hints);
  if (query.kind === 'metrics') return printMetricsRoot(query.expression) + hints;
  const { order } = query;
  const ordered = order === undefined ? '' : ` | order by ${order.by} ${order.direction}`;
  return printPipeline(query.pipeline) + ordered + hints;
}

function printHints(hints: readonly Hint[]): string {
  if (hints.length === 0) return '';
  const each = hints.map(({ name, value }) => `${name}=${printValue(value.value)}`);
  return ` with(${each.join(', ')})`;
}

export function printPipeline({ stages }: Pipeline): string {
  return stages.map(printStage).join(' | ');
}

function printStage(stage: Stage): string {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline':
      return printSpansets(stage, 0);
    case 'aggregateFilter':
    case 'scalarFilter':
      return `${printScalar(stage.left)} ${stage.operator} ${printScalar(stage.right)}`;
    case 'group':
      return `by(${printExpression(stage.by)})`;
    case 'coalesce':
      return 'coalesce()';
    case 'select':
      return `select(${stage.fields.map(printField).join(', ')})`;
    default:
      return unreachable(stage);
  }
}

/** In parentheses where it binds more loosely than `level` asks for. */
function printSpansets(expression: SpansetExpression, level: number): string {
  switch (expression.kind) {
    case 'filter': {
      const { condition } = expression;
      return condition === undefined ? '{ }' : `{ ${printExpression(condition)} }`;
    }
    case 'pipeline':
      return `(${printPipeline(expression.pipeline)})`;
    case 'operation': {
      const own = expression.operator === '&&' || expression.operator === '||' ? 0 : 1;
      const left = printSpansets(expression.left, own);
      const right = printSpansets(expression.right, own + 1);
      return parenthesise(`${left} ${expression.operator} ${right}`, own < level);
    }
    default:
      return unreachable(expression);
  }
}

export function printExpression(expression: Expression, level = 0): string {
  switch (expression.kind) {
    case 'literal':
      return printValue(expression.value);
    case 'attribute':
    case 'intrinsic':
      return printField(expression);
    case 'unary': {
      const own = expression.operator === '!' ? NOT_LEVEL : SIGN_LEVEL;
      return parenthesise(expression.operator + printOperand(expression, own), own < level);
    }
    case 'binary': {
      const own = LEVELS[expression.operator];
      // `^` groups from the right, all others from the left.
      const isRight = expression.operator === '^';
      const left = printExpression(expression.left, isRight ? own + 1 : own);
      const right = printExpression(expression.right, isRight ? own : own + 1);
      return parenthesise(`${left} ${expression.operator} ${right}`, own < level);
    }
    default:
      return unreachable(expression);
  }
}

/** A sign in front of a number would become the number's own. */
function printOperand({ operator, operand }: Expression & { kind: 'unary' }, own: number): string {
  const text = printExpression(operand, own);
  return operator === '-' && operand.kind === 'literal' ? `(${text})` : text;
}

export function printScalar(expression: ScalarExpression, level = 0): string {
  switch (expression.kind) {
    case 'literal':
      return printValue(expression.value);
    case 'aggregate': {
      const { argument } = expression;
      return `${expression.function}(${argument === undefined ? '' : printExpression(argument)})`;
    }
    case 'scalarPipeline':
      return `(${printPipeline(expression.pipeline)} | ${printScalar(expression.scalar)})`;
    case 'scalarOperation': {
      const own = LEVELS[expression.operator];
      const isRight = expression.operator === '^';
      const left = printScalar(expression.left, isRight ? own + 1 : own);
      const right = printScalar(expression.right, isRight ? own : own + 1);
      return parenthesise(`${left} ${expression.operator} ${right}`, own < level);
    }
    default:
      return unreachable(expression);
  }
}

export function printField(field: Field): string {
  if (field.kind === 'intrinsic') return formatIntrinsic(field.name);
  const scope = field.scope === 'any' ? '' : field.scope;
  const parent = field.ofParent ? 'parent.' : '';
  const name = printName(field);
  if (field.ofParent && scope === '') return `parent.${name}`;
  return `${parent}${scope}.${name}`;
}

const PLAIN_NAME = /^[^\s{}()=~!<>&|^,"\\]+$/;

function printName({ name, scope, ofParent }: Field & { kind: 'attribute' }): string {
  // Behind `parent.` alone, a name that begins with a scope would be taken for one; behind a dot alone, digits for a number.
  const isMistaken =
    scope === 'any' && (ofParent ? /^(span|resource)\./.test(name) : isFraction(name));
  return PLAIN_NAME.test(name) && !isMistaken ? name : formatQuoted(name);
}

export function printValue(value: StaticValue): string {
  switch (value.type) {
    case 'string':
      return formatQuoted(value.value);
    case 'int':
      return value.value === -(1n << 63n) ? 'minInt' : String(value.value);
    case 'duration':
      return formatDuration(value.value);
    case 'float':
      return formatFloat(value.value);
    case 'bool':
      return String(value.value);
    case 'status':
    case 'kind':
      return value.value;
    case 'nil':
      return 'nil';
    default:
      return unreachable(value);
  }
}

/** With a fraction or an exponent, so that it is not read as an integer. */
function formatFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function printMetricsRoot(expression: MetricsExpression): string {
  return expression.kind === 'metricsPipeline'
    ? printMetricsPipeline(expression)
    : printMetrics(expression, 0);
}

function printMetrics(expression: MetricsExpression, level: number): string {
  switch (expression.kind) {
    case 'metricsPipeline':
      return `(${printMetricsPipeline(expression)})`;
    case 'number':
      return formatNumber(expression.value);
    case 'metricsOperation': {
      const own = LEVELS[expression.operator];
      const left = printMetrics(expression.left, own);
      const right = printMetrics(expression.right, own + 1);
      return parenthesise(`${left} ${expression.operator} ${right}`, own < level);
    }
    default:
      return unreachable(expression);
  }
}

function formatNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : formatFloat(value);
}

function printMetricsPipeline(metrics: MetricsPipeline): string {
  const by = metrics.by.length === 0 ? '' : ` by(${metrics.by.map(printField).join(', ')})`;
  const seconds = metrics.seconds.map(printSecond).join('');
  return `${printPipeline(metrics.pipeline)} | ${printFunction(metrics.function)}${by}${seconds}`;
}

function printFunction(each: MetricsFunction): string {
  switch (each.name) {
    case 'rate':
    case 'count_over_time':
      return `${each.name}()`;
    case 'min_over_time':
    case 'max_over_time':
    case 'sum_over_time':
    case 'avg_over_time':
    case 'histogram_over_time':
      return `${each.name}(${printField(each.field)})`;
    case 'quantile_over_time':
      return `${each.name}(${[printField(each.field), ...each.quantiles.map(String)].join(', ')})`;
    case 'compare': {
      const { selection, topCount, window } = each;
      const numbers = [topCount, window?.startUnixNano, window?.endUnixNano];
      const given = numbers.filter((number) => number !== undefined).map(String);
      return `compare(${[printSpansets(selection, 0), ...given].join(', ')})`;
    }
    default:
      return unreachable(each);
  }
}

function printSecond(stage: SecondStage): string {
  if (stage.kind !== 'compare') return ` | ${stage.kind}(${stage.count})`;
  return ` ${stage.operator} ${printValue(stage.value.value)}`;
}

function parenthesise(text: string, isLoose: boolean): string {
  return isLoose ? `(${text})` : text;
}

import { QuerySyntaxError } from '@clew/model';
import { parseField, parseLiteral } from './parse-expression.ts';
import { parseFields, parseFilter, parsePipeline } from './parse-pipeline.ts';
import type {
  Field,
  MetricsExpression,
  MetricsFunction,
  MetricsOperation,
  MetricsPipeline,
  Pipeline,
  SecondStage,
} from './syntax-tree.ts';
import type { TokenReader } from './token-reader.ts';

const COUNTING = ['rate', 'count_over_time'] as const;
const OF_FIELD = [
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'avg_over_time',
  'histogram_over_time',
] as const;
const COMPARING = ['=', '!=', '<=', '>=', '<', '>'] as const;

/** Words that make series of spansets. */
export const METRICS_WORDS: ReadonlySet<string> = new Set([
  ...COUNTING,
  ...OF_FIELD,
  'quantile_over_time',
  'compare',
]);

/** Whether the parentheses that open here hold series. */
export function beginsMetricsGroup(reader: TokenReader): boolean {
  if (!reader.is('(')) return false;
  for (let ahead = 0, depth = 0; ; ahead++) {
    const token = reader.peek(ahead);
    if (token.type === '(') depth++;
    if (token.type === ')' && --depth === 0) return false;
    if (token.type === 'end') return false;
    if (token.type === 'word' && METRICS_WORDS.has(token.text)) return true;
  }
}

/** Sums and differences of products and quotients of series in parentheses, and numbers. */
export function parseMetricsSum(reader: TokenReader): MetricsExpression {
  return reader.nested(() => parseOperations(reader, ['+', '-'], parseMetricsProduct));
}

function parseMetricsProduct(reader: TokenReader): MetricsExpression {
  return parseOperations(reader, ['*', '/'], parseOperand);
}

function parseOperations(
  reader: TokenReader,
  operators: readonly MetricsOperation['operator'][],
  parseOne: (reader: TokenReader) => MetricsExpression,
): MetricsExpression {
  return reader.leftToRight(operators, parseOne, (parts) => ({
    kind: 'metricsOperation',
    ...parts,
  }));
}

function parseOperand(reader: TokenReader): MetricsExpression {
  if (beginsMetricsGroup(reader)) {
    reader.expect('(');
    const isGroup = beginsMetricsGroup(reader) || (!reader.is('{') && !reader.is('('));
    const inner = isGroup ? parseMetricsSum(reader) : parseMetricsPipeline(reader);
    reader.expect(')');
    return inner;
  }
  const literal = parseLiteral(reader, 'a number or series in parentheses');
  const { value, range } = literal;
  if (value.type === 'int') return { kind: 'number', value: Number(value.value), range };
  if (value.type === 'float') return { kind: 'number', value: value.value, range };
  throw new QuerySyntaxError('expected a number', {
    text: reader.text,
    position: range.start,
    expected: 'a number',
  });
}

function parseMetricsPipeline(reader: TokenReader): MetricsPipeline {
  const start = reader.position;
  return parseMetrics(reader, parsePipeline(reader), start);
}

/** The rest of series whose spansets are read already: from the `|` in front of the function on. */
export function parseMetrics(
  reader: TokenReader,
  pipeline: Pipeline,
  start: number,
): MetricsPipeline {
  reader.expect('|');
  const metricsFunction = parseFunction(reader);
  const by = reader.acceptWord('by') ? parseFields(reader) : [];
  const seconds: SecondStage[] = [];
  for (let second = acceptSecond(reader); second !== undefined; second = acceptSecond(reader)) {
    seconds.push(second);
  }
  const range = reader.rangeFrom(start);
  return { kind: 'metricsPipeline', pipeline, function: metricsFunction, by, seconds, range };
}

function parseFunction(reader: TokenReader): MetricsFunction {
  const start = reader.position;
  const counting = COUNTING.find((name) => reader.acceptWord(name));
  if (counting !== undefined) {
    reader.expect('(');
    reader.expect(')');
    return { name: counting, range: reader.rangeFrom(start) };
  }
  const ofField = OF_FIELD.find((name) => reader.acceptWord(name));
  if (ofField !== undefined) {
    const field = parseArgument(reader);
    reader.expect(')');
    return { name: ofField, field, range: reader.rangeFrom(start) };
  }
  if (reader.acceptWord('quantile_over_time')) return parseQuantiles(reader, start);
  if (reader.acceptWord('compare')) return parseCompare(reader, start);
  return reader.fail('a stage such as rate(), count() > 1 or select(name)');
}

function parseArgument(reader: TokenReader): Field {
  reader.expect('(');
  return parseField(reader);
}

function parseQuantiles(reader: TokenReader, start: number): MetricsFunction {
  const field = parseArgument(reader);
  const quantiles: number[] = [];
  do {
    reader.expect(',');
    quantiles.push(parseQuantile(reader));
  } while (reader.is(','));
  reader.expect(')', '"," or ")"');
  return { name: 'quantile_over_time', field, quantiles, range: reader.rangeFrom(start) };
}

function parseQuantile(reader: TokenReader): number {
  const position = reader.position;
  const token = reader.accept('float') ?? reader.expect('int', 'a number from 0 to 1');
  const value = Number(token.value);
  if (value <= 1) return value;
  throw new QuerySyntaxError(`quantile ${value} is more than 1`, {
    text: reader.text,
    position,
    expected: 'a number from 0 to 1',
  });
}

function parseCompare(reader: TokenReader, start: number): MetricsFunction {
  reader.expect('(');
  const selection = parseFilter(reader);
  const numbers: bigint[] = [];
  while (numbers.length < 3 && reader.accept(',')) {
    numbers.push(reader.expect('int', 'a whole number').value);
  }
  const [topCount, startUnixNano, endUnixNano] = numbers;
  // A start without an end is no window.
  if (numbers.length === 2) reader.expect(',', '"," and the end of the selection\'s time');
  reader.expect(')');
  const window =
    startUnixNano === undefined || endUnixNano === undefined
      ? undefined
      : { startUnixNano, endUnixNano };
  return {
    name: 'compare',
    selection,
    topCount: topCount === undefined ? undefined : Number(topCount),
    window,
    range: reader.rangeFrom(start),
  };
}

function acceptSecond(reader: TokenReader): SecondStage | undefined {
  const start = reader.position;
  const operator = COMPARING.find((each) => reader.accept(each));
  if (operator !== undefined) {
    const value = parseLiteral(reader, 'a number or a duration');
    return { kind: 'compare', operator, value, range: reader.rangeFrom(start) };
  }
  if (!reader.accept('|')) return undefined;
  const kind = (['topk', 'bottomk'] as const).find((each) => reader.acceptWord(each));
  if (kind === undefined) return reader.fail('topk or bottomk');
  reader.expect('(');
  const count = Number(reader.expect('int', 'a whole number').value);
  reader.expect(')');
  return { kind, count, range: reader.rangeFrom(start) };
}

/**
 * Stages between `|`. Spansets are combined from the left: `&&` and `||` most loosely (both of one level), then the structural
 * operators.
 */
import { parseExpression, parseField, parseLiteral } from './parse-expression.ts';
import type {
  Aggregate,
  AggregateFilter,
  ArithmeticOperator,
  ComparisonOperator,
  Field,
  Pipeline,
  ScalarExpression,
  ScalarFilter,
  ScalarPipeline,
  SpansetExpression,
  SpansetFilter,
  SpansetOperator,
  Stage,
} from './syntax-tree.ts';
import { lookIntoGroup } from './scalar-pipeline-ahead.ts';
import type { TokenReader } from './token-reader.ts';

const COMBINING = ['&&', '||'] as const;
const STRUCTURAL = [
  ...(['>', '>>', '<', '<<', '~'] as const),
  ...(['!>', '!>>', '!<', '!<<', '!~'] as const),
  ...(['&>', '&>>', '&<', '&<<', '&~'] as const),
];
const COMPARING = ['=', '!=', '<=', '>=', '<', '>'] as const;
const AGGREGATES = ['count', 'min', 'max', 'sum', 'avg'] as const;

/** Words that begin a stage. */
export const STAGE_WORDS: ReadonlySet<string> = new Set([
  ...AGGREGATES,
  'by',
  'coalesce',
  'select',
]);

/** Reads stages as long as there are any; a `|` before something else is left. */
export function parsePipeline(reader: TokenReader): Pipeline {
  return reader.nested(() => {
    const start = reader.position;
    const stages: [Stage, ...Stage[]] = [parseFirstStage(reader)];
    while (reader.is('|') && beginsStage(reader)) {
      reader.expect('|');
      reader.countOperator();
      stages.push(parseStage(reader));
    }
    return { stages, range: reader.rangeFrom(start) };
  });
}

function parseFirstStage(reader: TokenReader): Stage {
  return lookIntoGroup(reader).isScalarPipeline
    ? parseComparisonOfScalars(reader, 'scalarFilter')
    : parseSpansets(reader);
}

function beginsStage(reader: TokenReader): boolean {
  const token = reader.peek(1);
  if (token.type === 'word') return STAGE_WORDS.has(token.text) || /^m(in|ax)Int$/.test(token.text);
  return ['{', '(', 'int', 'float', 'duration', '-'].includes(token.type);
}

function parseStage(reader: TokenReader): Stage {
  const start = reader.position;
  if (reader.is('{') || beginsSpansetGroup(reader)) return parseSpansets(reader);
  if (reader.acceptWord('by')) {
    reader.expect('(');
    const by = parseExpression(reader);
    reader.expect(')');
    return { kind: 'group', by, range: reader.rangeFrom(start) };
  }
  if (reader.acceptWord('coalesce')) {
    reader.expect('(');
    reader.expect(')');
    return { kind: 'coalesce', range: reader.rangeFrom(start) };
  }
  if (reader.acceptWord('select')) {
    const fields = parseFields(reader);
    return { kind: 'select', fields, range: reader.rangeFrom(start) };
  }
  return parseComparisonOfScalars(reader, 'aggregateFilter');
}

/** Fields in parentheses, at least one. */
export function parseFields(reader: TokenReader): readonly Field[] {
  reader.expect('(');
  const fields = [parseField(reader)];
  while (reader.accept(',')) fields.push(parseField(reader));
  reader.expect(')', '"," or ")"');
  return fields;
}

/** Whether a group is of spansets and not of numbers: only those have braces in them. */
function beginsSpansetGroup(reader: TokenReader): boolean {
  let ahead = 0;
  while (reader.peek(ahead).type === '(') ahead++;
  return ahead > 0 && reader.peek(ahead).type === '{';
}

function parseSpansets(reader: TokenReader): SpansetExpression {
  return parseOperations(reader, COMBINING, parseStructure);
}

function parseStructure(reader: TokenReader): SpansetExpression {
  return parseOperations(reader, STRUCTURAL, parseSpanset);
}

function parseOperations(
  reader: TokenReader,
  operators: readonly SpansetOperator[],
  parseOperand: (reader: TokenReader) => SpansetExpression,
): SpansetExpression {
  return reader.leftToRight(operators, parseOperand, (parts) => ({ kind: 'operation', ...parts }));
}

function parseSpanset(reader: TokenReader): SpansetExpression {
  const start = reader.position;
  if (!reader.accept('(')) return parseFilter(reader);
  const pipeline = parsePipeline(reader);
  reader.expect(')');
  const [first] = pipeline.stages;
  const isSpanset = pipeline.stages.length === 1 && isSpansetExpression(first);
  return isSpanset ? first : { kind: 'pipeline', pipeline, range: reader.rangeFrom(start) };
}

function isSpansetExpression(stage: Stage): stage is SpansetExpression {
  return stage.kind === 'filter' || stage.kind === 'operation' || stage.kind === 'pipeline';
}

/** `{ … }`. */
export function parseFilter(reader: TokenReader): SpansetFilter {
  const start = reader.position;
  reader.expect('{');
  const condition = reader.is('}') ? undefined : parseExpression(reader);
  reader.expect('}', 'an operator or "}"');
  return { kind: 'filter', condition, range: reader.rangeFrom(start) };
}

function parseComparisonOfScalars(
  reader: TokenReader,
  kind: (AggregateFilter | ScalarFilter)['kind'],
): AggregateFilter | ScalarFilter {
  const start = reader.position;
  const left = parseScalarSum(reader);
  const operator =
    COMPARING.find((each): each is ComparisonOperator => reader.accept(each) !== undefined) ??
    reader.fail('a comparison');
  const right = parseScalarSum(reader);
  return { kind, operator, left, right, range: reader.rangeFrom(start) };
}

function parseScalarSum(reader: TokenReader): ScalarExpression {
  return reader.nested(() => parseScalars(reader, ['+', '-'], parseScalarProduct));
}

function parseScalarProduct(reader: TokenReader): ScalarExpression {
  return parseScalars(reader, ['*', '/', '%'], parseScalarPower);
}

function parseScalarPower(reader: TokenReader): ScalarExpression {
  const start = reader.position;
  const left = parseScalar(reader);
  if (!reader.accept('^')) return left;
  const right = reader.nested(() => parseScalarPower(reader));
  return { kind: 'scalarOperation', operator: '^', left, right, range: reader.rangeFrom(start) };
}

function parseScalars(
  reader: TokenReader,
  operators: readonly ArithmeticOperator[],
  parseOperand: (reader: TokenReader) => ScalarExpression,
): ScalarExpression {
  return reader.leftToRight(operators, parseOperand, (parts) => ({
    kind: 'scalarOperation',
    ...parts,
  }));
}

function parseScalar(reader: TokenReader): ScalarExpression {
  const start = reader.position;
  const { barCount } = lookIntoGroup(reader);
  if (reader.accept('(')) {
    // Numbers by themselves have no `|`.
    if (barCount > 0) return parseScalarPipeline(reader, start, barCount);
    const inner = parseScalarSum(reader);
    reader.expect(')');
    return inner;
  }
  return (
    acceptAggregate(reader) ?? parseLiteral(reader, 'a number or an aggregate such as count()')
  );
}

/** Behind the parenthesis that opens it, which is at `start`: so many stages, and the number. */
function parseScalarPipeline(
  reader: TokenReader,
  start: number,
  stageCount: number,
): ScalarPipeline {
  const pipelineStart = reader.position;
  const stages: [Stage, ...Stage[]] = [parseFirstStage(reader)];
  while (stages.length < stageCount) {
    reader.expect('|');
    stages.push(parseStage(reader));
  }
  const pipeline = { stages, range: reader.rangeFrom(pipelineStart) };
  reader.expect('|');
  const scalar = parseScalarSum(reader);
  reader.expect(')');
  return { kind: 'scalarPipeline', pipeline, scalar, range: reader.rangeFrom(start) };
}

function acceptAggregate(reader: TokenReader): Aggregate | undefined {
  const start = reader.position;
  const name = AGGREGATES.find((each) => reader.acceptWord(each));
  if (name === undefined) return undefined;
  reader.expect('(');
  const argument = name === 'count' ? undefined : parseExpression(reader);
  reader.expect(')');
  return { kind: 'aggregate', function: name, argument, range: reader.rangeFrom(start) };
}

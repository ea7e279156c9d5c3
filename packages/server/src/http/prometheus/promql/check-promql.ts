/** Which kinds of values go where. */
import { InvalidQueryError } from '@clew/model';
import { LabelMatchers } from '../label-matchers.ts';
import type { Labels } from './labels.ts';
import { OVER_TIME_FUNCTIONS, WINDOW_FUNCTIONS, typeOf } from './syntax-tree.ts';
import type {
  Aggregation,
  BinaryOperation,
  Call,
  Expression,
  ExpressionType,
  FunctionName,
  Selector,
} from './syntax-tree.ts';

const NAMES: Readonly<Record<ExpressionType, string>> = {
  scalar: 'scalar',
  text: 'string',
  vector: 'instant vector',
  window: 'range vector',
};

/** What each takes; the last of some may be left out, or come several times. */
const ARGUMENTS: Readonly<Record<FunctionName, readonly ExpressionType[]>> = {
  rate: ['window'],
  increase: ['window'],
  irate: ['window'],
  avg_over_time: ['window'],
  min_over_time: ['window'],
  max_over_time: ['window'],
  sum_over_time: ['window'],
  count_over_time: ['window'],
  last_over_time: ['window'],
  quantile_over_time: ['scalar', 'window'],
  histogram_quantile: ['scalar', 'vector'],
  abs: ['vector'],
  ceil: ['vector'],
  floor: ['vector'],
  round: ['vector', 'scalar'],
  sgn: ['vector'],
  sqrt: ['vector'],
  exp: ['vector'],
  ln: ['vector'],
  log2: ['vector'],
  log10: ['vector'],
  clamp: ['vector', 'scalar', 'scalar'],
  clamp_min: ['vector', 'scalar'],
  clamp_max: ['vector', 'scalar'],
  absent: ['vector'],
  label_replace: ['vector', 'text', 'text', 'text', 'text'],
  label_join: ['vector', 'text', 'text', 'text'],
  sort: ['vector'],
  sort_desc: ['vector'],
  scalar: ['vector'],
  vector: ['scalar'],
  time: [],
};

/** Throws `InvalidQueryError`. */
export function checkExpression(expression: Expression): void {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return;
    case 'selector':
    case 'window':
      checkSelector(expression.kind === 'window' ? expression.selector : expression);
      return;
    case 'subquery':
      checkExpression(expression.operand);
      expect(expression.operand, ['vector'], 'subquery');
      return;
    case 'negation':
      checkExpression(expression.operand);
      expect(expression.operand, ['scalar', 'vector'], 'unary expression');
      return;
    case 'call':
      checkCall(expression);
      return;
    case 'aggregation':
      checkAggregation(expression);
      return;
    case 'binary':
      checkBinary(expression);
  }
}

/** What would find series without any of its labels would find all there are. */
function checkSelector({ matchers }: Selector): void {
  if (!new LabelMatchers(matchers).match(NO_LABELS)) return;
  throw fail('vector selector must contain at least one non-empty matcher');
}

const NO_LABELS: Labels = new Map();

/** Where some may be left out. */
const LEAST_ARGUMENTS: Partial<Readonly<Record<FunctionName, number>>> = {
  round: 1,
  label_join: 3,
};

function checkCall({ name, arguments: given }: Call): void {
  const expected = ARGUMENTS[name];
  const least = LEAST_ARGUMENTS[name] ?? expected.length;
  const most = name === 'label_join' ? Infinity : expected.length;
  if (given.length < least || given.length > most) {
    throw fail(`expected ${expected.length} argument(s) in call to "${name}", got ${given.length}`);
  }
  for (const [i, argument] of given.entries()) {
    checkExpression(argument);
    const type = expected[i] ?? expected.at(-1);
    if (type !== undefined) expect(argument, [type], `call to function "${name}"`);
    if (argument.kind === 'subquery' && WINDOW_FUNCTIONS.some((each) => each === name)) {
      throw fail(`${name} of a subquery is not supported here; it takes a selector`);
    }
  }
}

function checkAggregation({ name, parameter, operand }: Aggregation): void {
  if (parameter !== undefined) {
    checkExpression(parameter);
    expect(parameter, ['scalar'], `aggregation parameter of "${name}"`);
  }
  checkExpression(operand);
  expect(operand, ['vector'], `aggregation expression "${name}"`);
}

function checkBinary({ operator, left, right, matching, isBool }: BinaryOperation): void {
  for (const side of [left, right]) {
    checkExpression(side);
    expect(side, ['scalar', 'vector'], 'binary expression');
  }
  const isComparison = /^[=!<>]/.test(operator);
  const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
  const scalars = [left, right].filter((side) => typeOf(side) === 'scalar').length;
  if (isBool && !isComparison) {
    throw fail('bool modifier can only be used on comparison operators');
  }
  if (isComparison && scalars === 2 && !isBool) {
    throw fail('comparisons between scalars must use BOOL modifier');
  }
  if (isSet && scalars > 0)
    throw fail(`set operator "${operator}" not allowed in binary scalar expression`);
  if (isSet && matching.many !== undefined) {
    throw fail(`no grouping allowed for "${operator}" operation`);
  }
}

function expect(expression: Expression, types: readonly ExpressionType[], where: string): void {
  const type = typeOf(expression);
  if (types.includes(type)) return;
  const wanted = types.map((each) => NAMES[each]).join(' or ');
  const windows =
    type === 'window'
      ? `; windows are for ${[...WINDOW_FUNCTIONS, ...OVER_TIME_FUNCTIONS].join(', ')}`
      : '';
  throw fail(`expected type ${wanted} in ${where}, got ${NAMES[type]}${windows}`);
}

function fail(message: string): InvalidQueryError {
  return new InvalidQueryError(`parse error: ${message}`, { parameter: 'query' });
}

/**
 * What stands between braces. From the loosest to the tightest: `&&` and `||` (of the same level, from the left), comparisons,
 * `+` and `-`, `!`, `*` `/` and `%`, `^` (from the right), and the sign.
 */
import { SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import { findIntrinsic } from './intrinsics.ts';
import type { BinaryOperator, Expression, Field, Literal, StaticValue } from './syntax-tree.ts';
import { MAX_INT64 } from './lexer.ts';
import type { TokenReader } from './token-reader.ts';
import type { Token } from './token.ts';
import { withWholeId } from './whole-id.ts';

const LOGICAL = ['&&', '||'] as const;
const COMPARING = ['=', '!=', '<=', '>=', '<', '>', '=~', '!~'] as const;
const ADDING = ['+', '-'] as const;
const MULTIPLYING = ['*', '/', '%'] as const;

const NAMED_VALUES: ReadonlyMap<string, StaticValue> = new Map<string, StaticValue>([
  ['true', { type: 'bool', value: true }],
  ['false', { type: 'bool', value: false }],
  ['nil', { type: 'nil' }],
  ['minInt', { type: 'int', value: -(1n << 63n) }],
  ['maxInt', { type: 'int', value: (1n << 63n) - 1n }],
  ...SPAN_STATUSES.map((value) => [value, { type: 'status', value }] as const),
  ...SPAN_KINDS.map((value) => [value, { type: 'kind', value }] as const),
]);

export function parseExpression(reader: TokenReader): Expression {
  return reader.nested(() => parseLeftToRight(reader, LOGICAL, parseComparison));
}

function parseComparison(reader: TokenReader): Expression {
  return reader.leftToRight(COMPARING, parseSum, (parts) =>
    withWholeId({ kind: 'binary', ...parts }),
  );
}

function parseSum(reader: TokenReader): Expression {
  return parseLeftToRight(reader, ADDING, parseNegation);
}

function parseNegation(reader: TokenReader): Expression {
  const start = reader.position;
  if (!reader.accept('!')) return parseProduct(reader);
  const operand = reader.nested(() => parseNegation(reader));
  return { kind: 'unary', operator: '!', operand, range: reader.rangeFrom(start) };
}

function parseProduct(reader: TokenReader): Expression {
  return parseLeftToRight(reader, MULTIPLYING, parsePower);
}

function parsePower(reader: TokenReader): Expression {
  const start = reader.position;
  const left = parseSigned(reader);
  if (!reader.accept('^')) return left;
  const right = reader.nested(() => parsePower(reader));
  return { kind: 'binary', operator: '^', left, right, range: reader.rangeFrom(start) };
}

/** A sign in front of a number belongs to it. */
function parseSigned(reader: TokenReader): Expression {
  const start = reader.position;
  if (!reader.accept('-')) return parsePrimary(reader);
  const operand = reader.nested(() => parseSigned(reader));
  const range = reader.rangeFrom(start);
  const negative = operand.kind === 'literal' ? negate(operand.value) : undefined;
  if (negative !== undefined) return { kind: 'literal', value: negative, range };
  return { kind: 'unary', operator: '-', operand, range };
}

/** Undefined for what is no number, and for the lowest, whose negative 64 bits do not hold. */
function negate(value: StaticValue): StaticValue | undefined {
  if (value.type === 'float') return { type: 'float', value: -value.value };
  if (value.type !== 'int' && value.type !== 'duration') return undefined;
  return -value.value > MAX_INT64 ? undefined : { type: value.type, value: -value.value };
}

function parsePrimary(reader: TokenReader): Expression {
  if (reader.accept('(')) {
    const inner = parseExpression(reader);
    reader.expect(')');
    return inner;
  }
  return acceptField(reader) ?? acceptLiteral(reader) ?? reader.fail('a value or an attribute');
}

export function parseField(reader: TokenReader): Field {
  return acceptField(reader) ?? reader.fail('an attribute');
}

function acceptField(reader: TokenReader): Field | undefined {
  const token = reader.peek();
  const { range } = token;
  if (reader.accept('attribute') && token.type === 'attribute') {
    const { scope, ofParent, name } = token;
    return { kind: 'attribute', scope, ofParent, name, range };
  }
  const name = token.type === 'word' ? findIntrinsic(token.text) : undefined;
  if (name === undefined) return undefined;
  reader.accept('word');
  return { kind: 'intrinsic', name, range };
}

export function parseLiteral(reader: TokenReader, expected = 'a value'): Literal {
  const literal = acceptLiteral(reader);
  if (literal !== undefined) return literal;
  const start = reader.position;
  if (!reader.accept('-')) reader.fail(expected);
  const number = acceptLiteral(reader);
  const value = number === undefined ? undefined : negate(number.value);
  if (value === undefined) reader.fail('a number');
  return { kind: 'literal', value, range: reader.rangeFrom(start) };
}

function acceptLiteral(reader: TokenReader): Literal | undefined {
  const token = reader.peek();
  const value = valueOf(token);
  if (value === undefined) return undefined;
  reader.accept(token.type);
  return { kind: 'literal', value, range: token.range };
}

function valueOf(token: Token): StaticValue | undefined {
  if (token.type === 'word') return NAMED_VALUES.get(token.text);
  if (token.type === 'duration') return { type: 'duration', value: token.nanos };
  return 'value' in token ? ({ type: token.type, value: token.value } as StaticValue) : undefined;
}

function parseLeftToRight(
  reader: TokenReader,
  operators: readonly BinaryOperator[],
  parseOperand: (reader: TokenReader) => Expression,
): Expression {
  return reader.leftToRight(operators, parseOperand, (parts) => ({ kind: 'binary', ...parts }));
}

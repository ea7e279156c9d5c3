/**
 * The sides of a comparison as SQL. An attribute may have a value of any type, each in a map of its own, so a side is a list of
 * alternatives, of which a row has at most one; comparing two sides is comparing those that can be compared.
 */
import { SPAN_KINDS, SPAN_STATUSES, unreachable } from '@clew/model';
import type { ArithmeticOperator, Intrinsic, StaticValue } from '@clew/traceql';
import type { AttributeType } from '../../../span-store.ts';
import {
  Sql,
  all,
  any,
  bytesLiteral,
  float64Literal,
  int64Literal,
  integerLiteral,
  sql,
  textLiteral,
} from '../../engine/sql.ts';

/** `status` and `kind` are numbers of their own, which compare with nothing else. */
export type OperandType = 'string' | 'int' | 'double' | 'bool' | 'status' | 'kind';

export interface Alternative {
  readonly type: OperandType;
  /** Where a row has it; undefined where every row does. */
  readonly guard: Sql | undefined;
  readonly value: Sql;
}

export interface Operand {
  readonly alternatives: readonly Alternative[];
  /** Where a row may have a value that SQL cannot see; undefined where none does. */
  readonly elsewhere: Sql | undefined;
}

/** Nothing is known of it. */
export const UNSEEN: Operand = { alternatives: [], elsewhere: new Sql('1') };
const NOTHING: Operand = { alternatives: [], elsewhere: undefined };

function always(type: OperandType, value: Sql): Operand {
  return { alternatives: [{ type, guard: undefined, value }], elsewhere: undefined };
}

export function literalOperand(value: StaticValue): Operand {
  switch (value.type) {
    case 'string':
      return always('string', textLiteral(value.value));
    case 'int':
    case 'duration':
      return always('int', int64Literal(value.value));
    case 'float':
      return always('double', float64Literal(value.value));
    case 'bool':
      return always('bool', new Sql(String(value.value)));
    case 'status':
      return always('status', integerLiteral(SPAN_STATUSES.indexOf(value.value)));
    case 'kind':
      return always('kind', integerLiteral(SPAN_KINDS.indexOf(value.value)));
    case 'nil':
      return NOTHING;
    default:
      return unreachable(value);
  }
}

const MAPS = [
  ['string', 'attr_string'],
  ['int', 'attr_int'],
  ['double', 'attr_double'],
  ['bool', 'attr_bool'],
] as const;

/**
 * An attribute in the maps that spans, resources and scopes have alike, of those types that it may be of. Lists are encoded, out
 * of SQL's sight.
 */
export function attributeOperand(
  name: string,
  mayBe: (type: AttributeType) => boolean = () => true,
): Operand {
  const key = textLiteral(name);
  const alternatives = MAPS.filter(([type]) => mayBe(type)).map(([type, map]): Alternative => {
    const column = new Sql(map);
    return {
      type,
      guard: sql`mapContains(${column}, ${key})`,
      value: sql`${column}[${key}]`,
    };
  });
  const elsewhere = mayBe('complex') ? sql`mapContains(attr_complex, ${key})` : undefined;
  return { alternatives, elsewhere };
}

export const SERVICE: Operand = always('string', new Sql('service'));

/** Columns of `spans`; what is missing here depends on other spans of the trace, or on what is not in columns. */
const INTRINSICS: Readonly<Partial<Record<Intrinsic, Operand>>> = {
  'span:duration': always('int', new Sql('duration_nano')),
  'span:name': always('string', new Sql('name')),
  'span:status': always('status', new Sql('status')),
  'span:statusMessage': always('string', new Sql('status_message')),
  'span:kind': always('kind', new Sql('kind')),
  'span:id': always('string', new Sql('lower(hex(span_id))')),
  'span:parentID': {
    alternatives: [
      {
        type: 'string',
        guard: new Sql(`parent_span_id != toFixedString('', 8)`),
        value: new Sql('lower(hex(parent_span_id))'),
      },
    ],
    elsewhere: undefined,
  },
  'trace:id': always('string', new Sql('lower(hex(trace_id))')),
};

/** Of a span that names no parent `nestedSetParent` is -1; of any other it is 0 or more, and depends on the whole trace. */
export const IS_ROOT: Sql = new Sql(`parent_span_id = toFixedString('', 8)`);

/** Events and links are kept encoded in `rest`, which has no more than five bytes of flags where there are none. */
const HAS_DETAILS = new Sql('length(rest) > 5');
const IN_REST: Operand = { alternatives: [], elsewhere: HAS_DETAILS };
const ENCODED: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  'event:name',
  'event:timeSinceStart',
  'link:traceID',
  'link:spanID',
]);

export function intrinsicOperand(name: Intrinsic): Operand {
  return INTRINSICS[name] ?? (ENCODED.has(name) ? IN_REST : UNSEEN);
}

/** An attribute of events or links, whose key is among their bytes. */
export function detailOperand(name: string): Operand {
  return { alternatives: [], elsewhere: withText(name) };
}

/** Where events or links may have a text. */
export function withText(text: string): Sql {
  return text === ''
    ? HAS_DETAILS
    : sql`${HAS_DETAILS} AND position(rest, ${textLiteral(text)}) > 0`;
}

/** Where links may lead to a trace or a span, given as the digits of its id; undefined of a text that is no id. */
export function withLinkTo(id: string): Sql | undefined {
  return /^(?:[0-9a-f]{16}){1,2}$/.test(id)
    ? sql`${HAS_DETAILS} AND position(rest, ${bytesLiteral(id)}) > 0`
    : undefined;
}

/** As `double`s, all of them: the evaluator computes in nothing else. */
export function arithmeticOperand(
  operator: ArithmeticOperator,
  left: Operand,
  right: Operand,
): Operand {
  const alternatives = left.alternatives.filter(isNumber).flatMap((first) =>
    right.alternatives.filter(isNumber).map((second): Alternative => ({
      type: 'double',
      guard: bothGuards(first, second),
      value: compute(operator, toDouble(first), toDouble(second)),
    })),
  );
  return { alternatives, elsewhere: elsewhereOf([left, right]) };
}

export function negativeOperand(operand: Operand): Operand {
  const alternatives = operand.alternatives.filter(isNumber).map((each): Alternative => {
    return { type: 'double', guard: each.guard, value: sql`-(${toDouble(each)})` };
  });
  return { alternatives, elsewhere: operand.elsewhere };
}

export function elsewhereOf(operands: readonly Operand[]): Sql | undefined {
  const conditions = operands
    .map(({ elsewhere }) => elsewhere)
    .filter((each) => each !== undefined);
  return conditions.length === 0 ? undefined : any(conditions);
}

export function bothGuards(first: Alternative, second: Alternative): Sql | undefined {
  const guards = [first.guard, second.guard].filter((guard) => guard !== undefined);
  return guards.length === 0 ? undefined : all(guards);
}

export function isNumber({ type }: Alternative): boolean {
  return type === 'int' || type === 'double';
}

export function toDouble({ type, value }: Alternative): Sql {
  return type === 'double' ? value : sql`toFloat64(${value})`;
}

/** The rest of a division goes by the quotient without its fraction. */
function compute(operator: ArithmeticOperator, left: Sql, right: Sql): Sql {
  switch (operator) {
    case '+':
      return sql`(${left} + ${right})`;
    case '-':
      return sql`(${left} - ${right})`;
    case '*':
      return sql`(${left} * ${right})`;
    case '/':
      return sql`(${left} / ${right})`;
    case '%':
      return sql`(${left} - trunc(${left} / ${right}) * ${right})`;
    case '^':
      return sql`pow(${left}, ${right})`;
    default:
      return unreachable(operator);
  }
}

/**
 * A filter of TraceQL as a condition over the columns of `spans`. Its meaning is the evaluator's
 * (`traceql/src/evaluate`): nothing holds between different kinds of values, and what is not there has none.
 *
 * Attributes of resources and scopes are in tables of their own, and so are those that many spans have alike. Where one is compared with something constant, the condition is
 * put to that table, and the spans are those of the resources that meet it; other uses of them are left to the evaluator.
 */
import { unreachable } from '@clew/model';
import { MIRRORED, isArithmetic, isLogical, isMatch, isNil } from '@clew/traceql';
import type {
  AttributeField,
  BinaryOperation,
  ComparisonOperator,
  Expression,
  Field,
  IntrinsicField,
} from '@clew/traceql';
import { wholePatternLiteral } from '../../engine/pattern.ts';
import { Sql, all, any, sql } from '../../engine/sql.ts';
import {
  IS_ROOT,
  SERVICE,
  UNSEEN,
  arithmeticOperand,
  attributeOperand,
  bothGuards,
  detailOperand,
  elsewhereOf,
  intrinsicOperand,
  isNumber,
  literalOperand,
  negativeOperand,
  toDouble,
  withLinkTo,
  withText,
} from './operand.ts';
import type { Alternative, Operand } from './operand.ts';
import type { AttributePlace } from '../../attribute-keys.ts';
import type { ConditionContext, SideTable } from './condition-context.ts';
import { ALWAYS, NEVER, allOf, anyOf, exactlyBut, not, possible } from './truth.ts';
import type { Truth } from './truth.ts';

/** Whether the condition holds for a span. */
export function planCondition(condition: Expression | undefined, context: ConditionContext): Truth {
  return condition === undefined ? ALWAYS : new ConditionPlan(context).truth(condition);
}

/** Never holds of what is not there. */
type Predicate = (value: Operand) => Truth;

class ConditionPlan {
  readonly #context: ConditionContext;

  constructor(context: ConditionContext) {
    this.#context = context;
  }

  truth(expression: Expression): Truth {
    switch (expression.kind) {
      case 'literal':
        return expression.value.type === 'bool' && expression.value.value ? ALWAYS : NEVER;
      case 'attribute':
      case 'intrinsic':
        return this.#test(expression, isBool('true'));
      case 'unary':
        return expression.operator === '!' ? this.#falsehood(expression.operand) : NEVER;
      case 'binary':
        return this.#binary(expression);
      default:
        return unreachable(expression);
    }
  }

  /** Where the expression is false, which is not the same as not true: what has no value is neither. */
  #falsehood(expression: Expression): Truth {
    switch (expression.kind) {
      case 'literal':
        return expression.value.type === 'bool' && !expression.value.value ? ALWAYS : NEVER;
      case 'attribute':
      case 'intrinsic':
        return this.#test(expression, isBool('false'));
      case 'unary':
        return expression.operator === '!' ? this.truth(expression.operand) : NEVER;
      case 'binary':
        return isArithmetic(expression.operator) ? NEVER : not(this.truth(expression));
      default:
        return unreachable(expression);
    }
  }

  #binary({ operator, left, right }: BinaryOperation): Truth {
    if (isArithmetic(operator)) return NEVER;
    if (isMatch(operator)) return this.#test(left, matches(operator, right));
    if (isLogical(operator)) {
      const sides = [this.truth(left), this.truth(right)];
      return operator === '&&' ? allOf(sides) : anyOf(sides);
    }
    if (operator === '=' || operator === '!=') {
      if (isNil(right)) return isNil(left) ? NEVER : this.#existence(left, operator);
      if (isNil(left)) return this.#existence(right, operator);
    }
    return this.#comparison(operator, left, right);
  }

  #existence(expression: Expression, operator: '=' | '!='): Truth {
    const exists = this.#test(expression, isThere);
    return operator === '!=' ? exists : not(exists);
  }

  #comparison(operator: ComparisonOperator, left: Expression, right: Expression): Truth {
    if (isField(left) && isConstant(right)) return this.#compareField(operator, left, right);
    if (isField(right) && isConstant(left)) {
      return this.#compareField(MIRRORED[operator], right, left);
    }
    return compare(operator, this.#operand(left), this.#operand(right));
  }

  #compareField(operator: ComparisonOperator, field: Field, constant: Expression): Truth {
    const known = this.#compareSpecially(operator, field, constant);
    return known ?? this.#test(field, comparesWith(operator, this.#operand(constant)));
  }

  /** Where more can be said than of other values that SQL cannot see; undefined elsewhere. */
  #compareSpecially(
    operator: ComparisonOperator,
    field: Field,
    constant: Expression,
  ): Truth | undefined {
    if (field.kind === 'intrinsic' && field.name === 'nestedSetParent') {
      return compareWithRoots(operator, constant);
    }
    if (operator !== '=' || constant.kind !== 'literal' || constant.value.type !== 'string') {
      return undefined;
    }
    if (field.kind === 'intrinsic' && field.name.startsWith('link:')) {
      const to = withLinkTo(constant.value.value);
      return to === undefined ? NEVER : exactlyBut([], to);
    }
    const isDetail =
      field.kind === 'intrinsic'
        ? field.name === 'event:name'
        : !field.ofParent && (field.scope === 'event' || field.scope === 'link');
    if (!isDetail) return undefined;
    // The very text stands among the bytes of the events or links.
    const conditions = [withText(constant.value.value)];
    if (field.kind === 'attribute') conditions.push(withText(field.name));
    return exactlyBut([], all(conditions));
  }

  /** Puts a question about one value to wherever the value is. */
  #test(expression: Expression, holds: Predicate): Truth {
    if (!isField(expression)) return holds(this.#operand(expression));
    const owner = ownerOf(expression);
    switch (owner) {
      case 'span':
        return this.#testSpan(expression, holds);
      case 'resource':
        return this.#testResource(expression as AttributeField, holds);
      case 'scope':
        return this.#among('scopes', holds(scopeOperand(expression)));
      case 'span or resource': {
        const field = expression as AttributeField;
        const isAbsent = not(this.#testSpanAttribute(field, isThere));
        return anyOf([
          this.#testSpanAttribute(field, holds),
          allOf([isAbsent, this.#testResource(field, holds)]),
        ]);
      }
      default:
        return unreachable(owner);
    }
  }

  #testSpan(field: Field, holds: Predicate): Truth {
    const isOfSpan = field.kind === 'attribute' && field.scope === 'span' && !field.ofParent;
    return isOfSpan ? this.#testSpanAttribute(field, holds) : holds(this.#operand(field));
  }

  /** A span has an attribute of its own or in its set, never both. */
  #testSpanAttribute({ name }: AttributeField, holds: Predicate): Truth {
    return anyOf([
      holds(this.#attribute('span', name)),
      this.#among('attribute_sets', holds(this.#attribute('set', name))),
    ]);
  }

  #testResource({ name }: AttributeField, holds: Predicate): Truth {
    if (name === 'service.name') return holds(SERVICE);
    return this.#among('resources', holds(this.#attribute('resource', name)));
  }

  /** The spans of the resources, scopes or sets for which it holds. */
  #among(table: SideTable, truth: Truth): Truth {
    if (truth === ALWAYS || truth.alternatives.length === 0) return truth;
    const among = (condition: Sql): readonly Sql[] => {
      const ids = this.#context.idsWhere(table, condition);
      return ids === undefined ? [] : [sql`${ID_COLUMNS[table]} IN (${ids})`];
    };
    return {
      alternatives: among(possible(truth)),
      certain: any(among(truth.certain)),
      isExact: truth.isExact,
    };
  }

  #attribute(place: AttributePlace, name: string): Operand {
    const { keys } = this.#context;
    return attributeOperand(name, (type) => keys.mayBe(place, name, type));
  }

  /** What of it is in sets cannot be seen in the span's own columns. */
  #ownAttribute(name: string): Operand {
    const own = this.#attribute('span', name);
    const inSet = this.#among('attribute_sets', isThere(this.#attribute('set', name)));
    if (inSet.alternatives.length === 0) return own;
    return { ...own, elsewhere: elsewhereOf([own, { ...own, elsewhere: possible(inSet) }]) };
  }

  #operand(expression: Expression): Operand {
    switch (expression.kind) {
      case 'literal':
        return literalOperand(expression.value);
      case 'attribute':
        return this.#spanAttribute(expression);
      case 'intrinsic':
        return intrinsicOperand(expression.name);
      case 'unary': {
        if (expression.operator === '-') return negativeOperand(this.#operand(expression.operand));
        return UNSEEN;
      }
      case 'binary': {
        const { operator, left, right } = expression;
        if (!isArithmetic(operator)) return truthOperand(this.truth(expression));
        return arithmeticOperand(operator, this.#operand(left), this.#operand(right));
      }
      default:
        return unreachable(expression);
    }
  }

  /** What can be read of a field in the span's own columns. */
  #spanAttribute({ scope, ofParent, name }: AttributeField): Operand {
    if (ofParent) return UNSEEN;
    switch (scope) {
      case 'span':
        return this.#ownAttribute(name);
      case 'event':
      case 'link':
        return detailOperand(name);
      case 'resource':
        return name === 'service.name' ? SERVICE : UNSEEN;
      case 'any':
      case 'instrumentation':
        return UNSEEN;
      default:
        return unreachable(scope);
    }
  }
}

const ID_COLUMNS: Readonly<Record<SideTable, Sql>> = {
  resources: new Sql('resource_id'),
  scopes: new Sql('scope_id'),
  attribute_sets: new Sql('attribute_set_id'),
};

/** A truth as a value, to be compared with others. */
function truthOperand(truth: Truth): Operand {
  if (!truth.isExact) return UNSEEN;
  const value = sql`((${truth.certain}) = 1)`;
  return { alternatives: [{ type: 'bool', guard: undefined, value }], elsewhere: undefined };
}

type Owner = 'span' | 'resource' | 'span or resource' | 'scope';

/** Whose columns have the field. */
function ownerOf(field: Field): Owner {
  if (field.kind === 'intrinsic') return isOfScope(field) ? 'scope' : 'span';
  if (field.ofParent) return 'span';
  switch (field.scope) {
    case 'any':
      return 'span or resource';
    case 'resource':
      return 'resource';
    case 'instrumentation':
      return 'scope';
    case 'span':
    case 'event':
    case 'link':
      return 'span';
    default:
      return unreachable(field.scope);
  }
}

function isOfScope({ name }: IntrinsicField): boolean {
  return name === 'instrumentation:name' || name === 'instrumentation:version';
}

function scopeOperand(field: Field): Operand {
  if (field.kind === 'attribute') return attributeOperand(field.name);
  const column = field.name === 'instrumentation:name' ? 'name' : 'version';
  return {
    alternatives: [{ type: 'string', guard: undefined, value: new Sql(column) }],
    elsewhere: undefined,
  };
}

function isField(expression: Expression): expression is Field {
  return expression.kind === 'attribute' || expression.kind === 'intrinsic';
}

/** Whether it says the same of every span. */
function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true;
    case 'attribute':
    case 'intrinsic':
      return false;
    case 'unary':
      return isConstant(expression.operand);
    case 'binary':
      return isConstant(expression.left) && isConstant(expression.right);
    default:
      return unreachable(expression);
  }
}

function isBool(value: 'true' | 'false'): Predicate {
  return ({ alternatives, elsewhere }) => {
    const bools = alternatives.filter(({ type }) => type === 'bool');
    return exactlyBut(
      bools.map((each) => guarded(each.guard, sql`${each.value} = ${new Sql(value)}`)),
      elsewhere,
    );
  };
}

function isThere({ alternatives, elsewhere }: Operand): Truth {
  if (alternatives.some(({ guard }) => guard === undefined)) return ALWAYS;
  return exactlyBut(
    alternatives.map(({ guard }) => guard).filter((guard) => guard !== undefined),
    elsewhere,
  );
}

function matches(operator: '=~' | '!~', pattern: Expression): Predicate {
  const isText = pattern.kind === 'literal' && pattern.value.type === 'string';
  const source = isText && pattern.value.type === 'string' ? pattern.value.value : '';
  const whole = wholePatternLiteral(source);
  return ({ alternatives, elsewhere }) => {
    const texts = alternatives.filter(({ type }) => type === 'string');
    const conditions = texts.map(({ guard, value }) => {
      const isMatch = sql`match(${value}, ${whole})`;
      return guarded(guard, operator === '=~' ? isMatch : sql`NOT ${isMatch}`);
    });
    return exactlyBut(conditions, elsewhere);
  };
}

/** `nestedSetParent` compared with what only tells roots from other spans; undefined for any other number. */
function compareWithRoots(operator: ComparisonOperator, constant: Expression): Truth | undefined {
  const number = integerOf(constant);
  const boundary = operator === '<' || operator === '>=' ? 0n : -1n;
  if (number !== boundary) return undefined;
  const isOfRoots = operator === '<' || operator === '<=' || operator === '=';
  return exactlyBut([isOfRoots ? IS_ROOT : sql`NOT (${IS_ROOT})`], undefined);
}

function integerOf(constant: Expression): bigint | undefined {
  if (constant.kind === 'unary' && constant.operator === '-') {
    const number = integerOf(constant.operand);
    return number === undefined ? undefined : -number;
  }
  const isInteger = constant.kind === 'literal' && constant.value.type === 'int';
  return isInteger && constant.value.type === 'int' ? constant.value.value : undefined;
}

function comparesWith(operator: ComparisonOperator, other: Operand): Predicate {
  return (value) => compare(operator, value, other);
}

function compare(operator: ComparisonOperator, left: Operand, right: Operand): Truth {
  const conditions = left.alternatives.flatMap((first) =>
    right.alternatives.flatMap((second) => {
      const condition = compareAlternatives(operator, first, second);
      return condition === undefined ? [] : [guarded(bothGuards(first, second), condition)];
    }),
  );
  return exactlyBut(conditions, elsewhereOf([left, right]));
}

/** Undefined where the kinds differ, or have no order and are asked for it. */
function compareAlternatives(
  operator: ComparisonOperator,
  left: Alternative,
  right: Alternative,
): Sql | undefined {
  const sign = new Sql(operator);
  if (isNumber(left) && isNumber(right)) {
    if (left.type === right.type) return sql`${left.value} ${sign} ${right.value}`;
    return sql`${toDouble(left)} ${sign} ${toDouble(right)}`;
  }
  if (left.type !== right.type) return undefined;
  const isOrdered = left.type === 'string' || operator === '=' || operator === '!=';
  return isOrdered ? sql`${left.value} ${sign} ${right.value}` : undefined;
}

function guarded(guard: Sql | undefined, condition: Sql): Sql {
  return guard === undefined ? condition : all([guard, condition]);
}

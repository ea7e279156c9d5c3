/**
 * PromQL as text to the tree of the part that is evaluated here, by Prometheus' own grammar. What the grammar knows and is not
 * evaluated is refused by name.
 */
import { InvalidQueryError, shorten } from '@clew/model';
import { parser } from '@prometheus-io/lezer-promql';
import { checkExpression } from './check-promql.ts';
import { liftModifiers } from './lift-modifiers.ts';
import type { LiftedModifier } from './lift-modifiers.ts';
import { parseDurationMs, parseNumber, parseText } from './literals.ts';
import { AGGREGATIONS, FUNCTIONS, OVER_TIME_FUNCTIONS, WINDOW_FUNCTIONS } from './syntax-tree.ts';
import type {
  Aggregation,
  BinaryOperation,
  Expression,
  FixedTime,
  Grouping,
  Matcher,
  Matching,
  Selector,
} from './syntax-tree.ts';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Longer queries are nobody's. */
const MAX_LENGTH = 64 * 1024;
const MAX_DEPTH = 100;
/** Of a subquery that names none. */
const DEFAULT_STEP_MS = 60_000;

/** Throws `InvalidQueryError` with line and column. */
export function parsePromql(text: string): Expression {
  if (text.length > MAX_LENGTH) throw fail(`query exceeds ${MAX_LENGTH} characters`);
  if (text.trim() === '') throw fail('1:1: parse error: no expression found in input');
  const expression = new TreeReader(text).read();
  checkExpression(expression);
  if (expression.kind !== 'window' && expression.kind !== 'subquery') return expression;
  const functions = [...WINDOW_FUNCTIONS, ...OVER_TIME_FUNCTIONS].join(', ');
  throw fail(`1:1: parse error: a window is not supported here without one of ${functions}`);
}

/** Throws `InvalidQueryError` for what is no selector. */
export function parseSelector(text: string): Selector {
  const expression = parsePromql(text);
  if (expression.kind === 'selector') return expression;
  throw fail(`1:1: parse error: expected a selector of series: ${shorten(text)}`);
}

function fail(message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter: 'query' });
}

class TreeReader {
  #text: string;
  #depth = 0;
  readonly #offsetsByEnd = new Map<number, LiftedModifier>();
  readonly #timesByEnd = new Map<number, LiftedModifier>();

  constructor(text: string) {
    this.#text = text;
  }

  read(): Expression {
    this.#parse();
    const { text, offsetsByEnd, timesByEnd } = liftModifiers(this.#text);
    this.#text = text;
    for (const [end, offset] of offsetsByEnd) this.#offsetsByEnd.set(end, offset);
    for (const [end, time] of timesByEnd) this.#timesByEnd.set(end, time);
    const { topNode } = this.#parse();
    const [node] = childrenOf(topNode);
    const expression =
      node === undefined ? this.#refuse(topNode, 'an empty query') : this.#expression(node);
    for (const { from } of this.#offsetsByEnd.values()) {
      return this.#refuse({ from }, 'an offset of what is no selector');
    }
    for (const { from } of this.#timesByEnd.values()) {
      return this.#refuse({ from }, 'the modifier @ of what is no selector');
    }
    return expression;
  }

  #parse(): ReturnType<typeof parser.parse> {
    const tree = parser.parse(this.#text);
    tree.iterate({
      enter: ({ type, from, to }) => {
        if (type.isError) throw this.#unexpected(from, to);
      },
    });
    return tree;
  }

  #expression(node: Node): Expression {
    if (++this.#depth > MAX_DEPTH) return this.#refuse(node, `more than ${MAX_DEPTH} levels`);
    const expression = this.#expressionOf(node);
    this.#depth--;
    return expression;
  }

  #expressionOf(node: Node): Expression {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: this.#number(node) };
      case 'StringLiteral':
        return { kind: 'text', value: parseText(this.#slice(node)) };
      case 'VectorSelector':
        return { kind: 'selector', matchers: this.#matchers(node), ...this.#modifiers(node) };
      case 'MatrixSelector':
        return this.#window(node);
      case 'SubqueryExpr':
        return this.#subquery(node);
      case 'ParenExpr':
        return this.#expression(this.#child(node, 0));
      case 'UnaryExpr': {
        const operand = this.#expression(this.#child(node, 1));
        return this.#slice(this.#child(node, 0)) === '-' ? { kind: 'negation', operand } : operand;
      }
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregation(node);
      case 'BinaryExpr':
        return this.#binary(node);
      default:
        return this.#refuse(node, REFUSED[node.name] ?? this.#slice(node));
    }
  }

  #number(node: Node): number {
    return parseNumber(this.#slice(node)) ?? this.#refuse(node, `number ${this.#slice(node)}`);
  }

  #window(node: Node): Expression {
    const selector = this.#expression(this.#child(node, 0));
    const rangeMs = parseDurationMs(this.#slice(this.#child(node, 1)));
    if (selector.kind !== 'selector') return this.#refuse(node, 'a window of what is no selector');
    if (rangeMs === undefined || !(rangeMs > 0)) {
      return this.#refuse(node, `window ${this.#slice(this.#child(node, 1))}`);
    }
    const modifiers = this.#modifiers(node);
    const isModified = modifiers.offsetMs !== 0 || modifiers.at !== undefined;
    return {
      kind: 'window',
      selector: isModified ? { ...selector, ...modifiers } : selector,
      rangeMs,
    };
  }

  #subquery(node: Node): Expression {
    const operand = this.#expression(this.#child(node, 0));
    const [range, step] = node.getChildren('DurationExpr').map((each) => this.#slice(each));
    const rangeMs = parseDurationMs(range ?? '');
    const stepMs = step === undefined ? DEFAULT_STEP_MS : parseDurationMs(step);
    if (rangeMs === undefined || !(rangeMs > 0)) return this.#refuse(node, `window ${range}`);
    if (stepMs === undefined || !(stepMs >= 1)) return this.#refuse(node, `step ${step}`);
    return { kind: 'subquery', operand, rangeMs, stepMs, ...this.#modifiers(node) };
  }

  #modifiers(node: Node): { readonly offsetMs: number; readonly at: FixedTime | undefined } {
    return { offsetMs: this.#offset(node), at: this.#fixedTime(node) };
  }

  /** Of the offset that follows; 0 when there is none. */
  #offset({ to }: Node): number {
    const offset = this.#offsetsByEnd.get(to);
    if (offset === undefined) return 0;
    this.#offsetsByEnd.delete(to);
    const { value } = offset;
    const isBack = value.startsWith('-');
    const offsetMs = parseDurationMs(isBack ? value.slice(1) : value);
    if (offsetMs === undefined) return this.#refuse(offset, `offset ${value}`);
    return isBack ? -offsetMs : offsetMs;
  }

  #fixedTime({ to }: Node): FixedTime | undefined {
    const time = this.#timesByEnd.get(to);
    if (time === undefined) return undefined;
    this.#timesByEnd.delete(to);
    if (time.value === 'start()') return 'start';
    if (time.value === 'end()') return 'end';
    const seconds = parseNumber(time.value);
    if (seconds === undefined || !Number.isFinite(seconds)) {
      return this.#refuse(time, `the moment ${time.value}`);
    }
    return { timeMs: seconds * 1000 };
  }

  #matchers(node: Node): Matcher[] {
    const matchers: Matcher[] = [];
    const name = node.getChild('Identifier');
    if (name !== null) matchers.push(nameMatcher(this.#slice(name)));
    const list = node.getChild('LabelMatchers');
    for (const matcher of list === null ? [] : childrenOf(list)) {
      const [label, operator, value] = childrenOf(matcher);
      if (matcher.name === 'QuotedLabelName') {
        matchers.push(nameMatcher(parseText(this.#slice(matcher))));
      } else if (label !== undefined && operator !== undefined && value !== undefined) {
        matchers.push({
          label: this.#label(label),
          operator: this.#slice(operator) as Matcher['operator'],
          value: parseText(this.#slice(value)),
        });
      }
    }
    return matchers;
  }

  #call(node: Node): Expression {
    const text = this.#slice(this.#child(node, 0));
    const name = FUNCTIONS.find((each) => each === text);
    if (name === undefined) {
      return this.#refuse(node, `function "${text}"`, `functions: ${FUNCTIONS.join(', ')}`);
    }
    const isOverTime = OVER_TIME_FUNCTIONS.some((each) => each === name);
    const given = this.#arguments(node);
    return { kind: 'call', name, arguments: isOverTime ? given.map(asSubquery) : given };
  }

  #arguments(node: Node): readonly Expression[] {
    const body = node.getChild('FunctionCallBody');
    return body === null ? [] : childrenOf(body).map((child) => this.#expression(child));
  }

  #aggregation(node: Node): Aggregation {
    const text = this.#slice(this.#child(node, 0)).toLowerCase();
    const name = AGGREGATIONS.find((each) => each === text);
    const supported = `aggregations: ${AGGREGATIONS.join(', ')}`;
    if (name === undefined) return this.#refuse(node, `aggregation "${text}"`, supported);
    const given = this.#arguments(node);
    const takesParameter = name === 'topk' || name === 'bottomk' || name === 'quantile';
    const operand = given.at(-1);
    if (operand === undefined || given.length !== (takesParameter ? 2 : 1)) {
      throw this.#error(node, `wrong number of arguments for aggregate expression provided`);
    }
    const parameter = takesParameter ? given[0] : undefined;
    return { kind: 'aggregation', name, parameter, operand, grouping: this.#grouping(node) };
  }

  #grouping(node: Node): Grouping {
    const modifier = node.getChild('AggregateModifier');
    const labels = modifier?.getChild('GroupingLabels') ?? undefined;
    if (modifier === null) return { kind: 'by', labels: [] };
    const kind = modifier.getChild('Without') === null ? 'by' : 'without';
    return { kind, labels: this.#labels(labels) };
  }

  #binary(node: Node): Expression {
    const [left, operator, ...others] = childrenOf(node);
    const right = others.at(-1);
    if (left === undefined || operator === undefined || right === undefined) {
      return this.#refuse(node, this.#slice(node));
    }
    const text = this.#slice(operator).toLowerCase();
    const isKnown = OPERATORS.has(text);
    if (!isKnown) return this.#refuse(operator, `operator "${text}"`);
    if (node.getChild('FillModifier') !== null) return this.#refuse(node, 'fill');
    const operation: BinaryOperation = {
      kind: 'binary',
      operator: text as BinaryOperation['operator'],
      left: this.#expression(left),
      right: this.#expression(right),
      matching: this.#matching(node.getChild('MatchingModifierClause') ?? undefined),
      isBool: node.getChild('BoolModifier') !== null,
    };
    // A sign binds less than a power, which the grammar does not know of a number's own.
    const isSigned = left.name === 'NumberDurationLiteral' && this.#slice(left).startsWith('-');
    return text === '^' && isSigned ? negatedPower(operation) : operation;
  }

  #matching(clause: Node | undefined): Matching {
    if (clause === undefined) {
      return { kind: 'ignoring', labels: [], many: undefined, include: [] };
    }
    const [labels, include] = clause.getChildren('GroupingLabels');
    const isLeft = clause.getChild('GroupLeft') !== null;
    const isRight = clause.getChild('GroupRight') !== null;
    return {
      kind: clause.getChild('On') === null ? 'ignoring' : 'on',
      labels: this.#labels(labels),
      many: isLeft ? 'left' : isRight ? 'right' : undefined,
      include: this.#labels(include),
    };
  }

  #labels(node: Node | undefined): readonly string[] {
    return node === undefined ? [] : childrenOf(node).map((label) => this.#label(label));
  }

  #label(node: Node): string {
    const text = this.#slice(node);
    return node.name === 'QuotedLabelName' ? parseText(text) : text;
  }

  #child(node: Node, at: number): Node {
    return childrenOf(node)[at] ?? this.#refuse(node, this.#slice(node));
  }

  #slice({ from, to }: Node): string {
    return this.#text.slice(from, to);
  }

  #refuse(node: Pick<Node, 'from'>, what: string, supported?: string): never {
    const hint = supported ?? 'selectors, functions, aggregations and operators are';
    throw this.#error(node, `${shorten(what)} is not supported here; ${hint}`);
  }

  #unexpected(from: number, to: number): InvalidQueryError {
    const text = this.#text.slice(from, Math.max(to, from + 1));
    const what = text.trim() === '' ? 'end of input' : `"${shorten(text)}"`;
    return fail(`${this.#place(from)}: parse error: unexpected ${what}`);
  }

  #error({ from }: Pick<Node, 'from'>, message: string): InvalidQueryError {
    return fail(`${this.#place(from)}: parse error: ${message}`);
  }

  /** Line and column, from 1. */
  #place(at: number): string {
    const before = this.#text.slice(0, at).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  AnchoredExpr: 'the modifier anchored',
  SmoothedExpr: 'the modifier smoothed',
};

const OPERATORS: ReadonlySet<string> = new Set<BinaryOperation['operator']>([
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  'unless',
]);

/** `-2 ^ 2` is the negation of `2 ^ 2`. */
function negatedPower(operation: BinaryOperation): Expression {
  const { left } = operation;
  const unsigned: Expression = left.kind === 'number' ? { ...left, value: -left.value } : left;
  return { kind: 'negation', operand: { ...operation, left: unsigned } };
}

function nameMatcher(value: string): Matcher {
  return { label: '__name__', operator: '=', value };
}

/** Without comments. */
function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** A window of a selector has the counter's values, one a minute. */
export function asSubquery(argument: Expression): Expression {
  if (argument.kind !== 'window') return argument;
  const { selector, rangeMs } = argument;
  const { offsetMs, at } = selector;
  const operand = { kind: 'selector', matchers: selector.matchers, offsetMs: 0 } as const;
  return { kind: 'subquery', operand, rangeMs, stepMs: DEFAULT_STEP_MS, offsetMs, at };
}

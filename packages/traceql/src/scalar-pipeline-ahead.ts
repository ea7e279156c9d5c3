/**
 * Looks ahead to tell `({ … } | count()) > 2`, where the group is a number, from `({ … } | count() > 2) > { … }`, where it is
 * spans. What is found out is kept of the groups in the group, too: each token is looked at once, however deep it is nested.
 */
import type { TokenReader } from './token-reader.ts';
import type { Token } from './token.ts';

/** What is known of a group in parentheses, all but the first of it of what stands behind its last `|`. */
interface Group {
  readonly opening: Token;
  barCount: number;
  /** Whether a number may begin behind the last `|`. */
  beginsNumber: boolean;
  /** Has an operator that numbers do not have. */
  hasOperator: boolean;
  hasSpansets: boolean;
  /** Has a group that is a number, of a pipeline. */
  hasNumber: boolean;
}

/** What the parentheses hold that open at the next token. */
export interface GroupAhead {
  /** A number that a pipeline comes to. */
  readonly isScalarPipeline: boolean;
  /** How many `|` stand in it, and not in groups in it. */
  readonly barCount: number;
}

const NOTHING: GroupAhead = { isScalarPipeline: false, barCount: 0 };

/** Tells of the group that opens at the next token; of none where it is not closed, or no group. */
export function lookIntoGroup(reader: TokenReader): GroupAhead {
  if (!reader.is('(')) return NOTHING;
  const opening = reader.peek();
  if (!reader.groups.has(opening)) scanGroup(reader);
  return reader.groups.get(opening) ?? NOTHING;
}

function scanGroup(reader: TokenReader): void {
  const open: Group[] = [];
  for (let ahead = 0; ; ahead++) {
    const token = reader.peek(ahead);
    if (token.type === 'end') {
      for (const { opening } of open) reader.groups.set(opening, NOTHING);
      return;
    }
    const group = open.at(-1);
    if (token.type === '(') open.push(emptyGroup(token));
    else if (group === undefined) return;
    else if (token.type === ')') closeGroup(reader, open);
    else if (token.type === '{') {
      ahead = skipFilter(reader, ahead);
      group.hasSpansets = true;
    } else if (token.type === '|') passBar(group, reader.peek(ahead + 1));
    else if (!OF_NUMBERS.has(token.type)) group.hasOperator = true;
  }
}

function closeGroup(reader: TokenReader, open: Group[]): void {
  const group = open.pop();
  if (group === undefined) return;
  const { opening, barCount, hasSpansets } = group;
  const isScalarPipeline = isNumber(group);
  reader.groups.set(opening, { isScalarPipeline, barCount });
  const outer = open.at(-1);
  if (outer === undefined) return;
  if (isScalarPipeline) outer.hasNumber = true;
  else if (hasSpansets || barCount > 0) outer.hasSpansets = true;
}

function passBar(group: Group, next: Token): void {
  const { opening, barCount } = group;
  const beginsNumber = NUMBER_STARTS.has(next.type === 'word' ? next.text : next.type);
  Object.assign(group, emptyGroup(opening), { barCount: barCount + 1, beginsNumber });
}

function emptyGroup(opening: Token): Group {
  return {
    opening,
    barCount: 0,
    beginsNumber: false,
    hasOperator: false,
    hasSpansets: false,
    hasNumber: false,
  };
}

function isNumber(group: Group): boolean {
  if (group.hasOperator || group.hasSpansets) return false;
  return group.barCount > 0 ? group.beginsNumber : group.hasNumber;
}

/** To the brace that closes it; what stands in between is of one span. */
function skipFilter(reader: TokenReader, from: number): number {
  let ahead = from;
  for (;;) {
    const { type } = reader.peek(ahead);
    if (type === '}' || type === 'end') return type === 'end' ? ahead - 1 : ahead;
    ahead++;
  }
}

const NUMBER_STARTS: ReadonlySet<string> = new Set([
  'count',
  'min',
  'max',
  'sum',
  'avg',
  'minInt',
  'maxInt',
  'int',
  'float',
  'duration',
  '-',
  '(',
]);

/** Tokens that stand in a number, in the arguments of its aggregates too. */
const OF_NUMBERS: ReadonlySet<Token['type']> = new Set([
  ...(['word', 'attribute', 'string', 'int', 'float', 'duration'] as const),
  ...(['+', '-', '*', '/', '%', '^', ','] as const),
]);

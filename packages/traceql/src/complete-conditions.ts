/** What can be made of a filter that is still being typed: the conditions that are whole. */
import { QuerySyntaxError } from '@clew/model';
import { searchOfConditions } from './build-condition.ts';
import { checkQuery } from './check-query.ts';
import { tokenize } from './lexer.ts';
import { parseQuery } from './parse-query.ts';
import type { Expression, SearchQuery } from './syntax-tree.ts';
import type { Token } from './token.ts';

/**
 * A search for the spans that meet the whole conditions of a text; conditions that are not, and comparisons with an empty text, are
 * left out. Undefined where nothing can be made of it, because the conditions are not all to hold of one span.
 */
export function readCompleteConditions(text: string): SearchQuery | undefined {
  const tokens = readableTokens(text);
  const open = tokens.findIndex(({ type }) => type === '{');
  if (open < 0) return undefined;
  const close = tokens.findIndex(({ type }, at) => at > open && (type === '}' || type === 'end'));
  const inside = tokens.slice(open + 1, close < 0 ? undefined : close);
  const behind = close < 0 ? undefined : tokens[close + 1];
  if (behind !== undefined && behind.type !== 'end' && behind.type !== '|') return undefined;
  if (inside.some(({ type }) => type === '||')) return undefined;
  const conditions = splitAtAnd(inside).flatMap((part) => readCondition(text, part));
  return searchOfConditions(conditions);
}

/** Those of the longest start of a text that is made of tokens. */
function readableTokens(text: string): readonly Token[] {
  for (let end = text.length; end > 0;) {
    try {
      return tokenize(text.slice(0, end));
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error;
      end = Math.min(error.position, end - 1);
    }
  }
  return [];
}

function splitAtAnd(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.type === '&&') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function readCondition(text: string, tokens: readonly Token[]): readonly Expression[] {
  const [start, end] = [tokens[0]?.range.start, tokens.at(-1)?.range.end];
  if (start === undefined || end === undefined) return [];
  const filter = `{ ${text.slice(start, end)} }`;
  try {
    const query = parseQuery(filter);
    checkQuery(query, filter);
    const stage = query.kind === 'search' ? query.pipeline.stages[0] : undefined;
    if (stage?.kind !== 'filter' || stage.condition === undefined) return [];
    return isOfEmptyText(stage.condition) ? [] : [stage.condition];
  } catch (error) {
    if (error instanceof QuerySyntaxError) return [];
    throw error;
  }
}

function isOfEmptyText(condition: Expression): boolean {
  if (condition.kind !== 'binary' || condition.right.kind !== 'literal') return false;
  const { value } = condition.right;
  return value.type === 'string' && value.value === '';
}

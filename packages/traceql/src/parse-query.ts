import { QuerySyntaxError } from '@clew/model';
import { parseField, parseLiteral } from './parse-expression.ts';
import { beginsMetricsGroup, parseMetrics, parseMetricsSum } from './parse-metrics.ts';
import { parsePipeline } from './parse-pipeline.ts';
import type { Field, Hint, Order, Query, StaticValue } from './syntax-tree.ts';
import { TokenReader } from './token-reader.ts';

/** Longer queries are refused: nobody writes them, and a machine that does is mistaken. */
export const MAX_QUERY_LENGTH: number = 128 * 1024;

/** Reads a query; throws `QuerySyntaxError` where it is none. Whether it makes sense is for `checkQuery` to say. */
export function parseQuery(text: string): Query {
  if (text.length > MAX_QUERY_LENGTH) {
    throw new QuerySyntaxError(`the query is longer than ${MAX_QUERY_LENGTH} characters`, {
      text,
      position: MAX_QUERY_LENGTH,
    });
  }
  const reader = new TokenReader(text);
  const query = parseRoot(reader);
  reader.expect('end', 'the end of the query');
  return query;
}

/** Reads a field alone, such as `span.http.route` or `kind`. Throws `QuerySyntaxError` where it is none. */
export function parseFieldName(text: string): Field {
  const reader = new TokenReader(text);
  const field = parseField(reader);
  reader.expect('end', 'the end of the name');
  return field;
}

/** Reads a value alone, such as `500` or `1.5s`. Throws `QuerySyntaxError` where it is none. */
export function parseValue(text: string): StaticValue {
  const reader = new TokenReader(text);
  const { value } = parseLiteral(reader);
  reader.expect('end', 'the end of the value');
  return value;
}

/** They may begin arithmetic between series. */
const NUMBER_TOKENS: ReadonlySet<string> = new Set(['int', 'float', '-']);

function parseRoot(reader: TokenReader): Query {
  const start = reader.position;
  if (beginsMetricsGroup(reader) || NUMBER_TOKENS.has(reader.peek().type)) {
    const expression = parseMetricsSum(reader);
    const hints = parseHints(reader);
    return { kind: 'metrics', expression, hints, range: reader.rangeFrom(start) };
  }
  if (!reader.is('{') && !reader.is('(')) reader.fail('"{" or "("');
  const pipeline = parsePipeline(reader);
  if (reader.is('|') && !beginsOrder(reader)) {
    const expression = parseMetrics(reader, pipeline, start);
    const hints = parseHints(reader);
    return { kind: 'metrics', expression, hints, range: reader.rangeFrom(start) };
  }
  const order = acceptOrder(reader);
  const hints = parseHints(reader);
  return { kind: 'search', pipeline, order, hints, range: reader.rangeFrom(start) };
}

function beginsOrder(reader: TokenReader): boolean {
  const token = reader.peek(1);
  return token.type === 'word' && token.text === 'order';
}

/** `| order by duration desc`, the direction being `desc` when it is left out. */
function acceptOrder(reader: TokenReader): Order | undefined {
  if (!reader.accept('|')) return undefined;
  const start = reader.position;
  reader.acceptWord('order');
  if (!reader.acceptWord('by')) reader.fail('by');
  const by = (['start', 'duration'] as const).find((each) => reader.acceptWord(each));
  if (by === undefined) reader.fail('start or duration');
  const direction = reader.acceptWord('asc') ? 'asc' : 'desc';
  if (direction === 'desc') reader.acceptWord('desc');
  return { by, direction, range: reader.rangeFrom(start) };
}

function parseHints(reader: TokenReader): readonly Hint[] {
  if (!reader.acceptWord('with')) return [];
  const hints: Hint[] = [];
  reader.expect('(');
  do {
    const start = reader.position;
    const name = reader.expect('word', 'the name of a hint').text;
    reader.expect('=');
    const value = parseLiteral(reader);
    hints.push({ name, value, range: reader.rangeFrom(start) });
  } while (reader.accept(','));
  reader.expect(')', '"," or ")"');
  return hints;
}

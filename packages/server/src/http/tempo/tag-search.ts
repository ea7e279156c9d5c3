/** The search that came before TraceQL: tags, each of which a span has with a value that contains a text, in any case. */
import { SPAN_STATUSES } from '@clew/model';
import type { Expression, Field, Intrinsic, SearchQuery, StaticValue } from '@clew/traceql';
import { NOWHERE } from '../../query/metrics-query.ts';

/** A search for spans that have all of the tags. */
export function searchOfTags(tags: ReadonlyMap<string, string>): SearchQuery {
  const conditions = [...tags].map(([key, value]) => conditionOf(key, value));
  const condition =
    conditions.length === 0
      ? undefined
      : conditions.reduce((left, right) => binary('&&', left, right));
  return {
    kind: 'search',
    pipeline: { stages: [{ kind: 'filter', condition, range: NOWHERE }], range: NOWHERE },
    order: undefined,
    hints: [],
    range: NOWHERE,
  };
}

const SERVICE_NAME = 'service.name';

/** Tags that Tempo takes for something else than an attribute. */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  name: 'span:name',
  'root.name': 'trace:rootName',
  'root.service.name': 'trace:rootService',
};

function conditionOf(key: string, value: string): Expression {
  const status = statusOf(key, value);
  if (status !== undefined) return binary('=', intrinsic('span:status'), literal(status));
  const name = Object.hasOwn(INTRINSICS, key) ? INTRINSICS[key] : undefined;
  if (name !== undefined) return contains(intrinsic(name), value);
  const scope = key === SERVICE_NAME ? 'resource' : 'any';
  const field: Field = { kind: 'attribute', scope, ofParent: false, name: key, range: NOWHERE };
  return readingsOf(value)
    .map((reading) => binary('=', field, literal(reading)))
    .reduce((left, right) => binary('||', left, right), contains(field, value));
}

function statusOf(key: string, value: string): StaticValue | undefined {
  if (key === 'error' && value === 'true') return { type: 'status', value: 'error' };
  const status = SPAN_STATUSES.find((each) => each === value);
  return key === 'status.code' && status !== undefined
    ? { type: 'status', value: status }
    : undefined;
}

/** What a value means beside a text. */
function readingsOf(value: string): readonly StaticValue[] {
  if (/^-?(0|[1-9]\d{0,18})$/.test(value)) {
    const number = BigInt(value);
    return BigInt.asIntN(64, number) === number ? [{ type: 'int', value: number }] : [];
  }
  if (value !== 'true' && value !== 'false') return [];
  return [{ type: 'bool', value: value === 'true' }];
}

/** Patterns of what is longer take long to make. */
const MAX_CONTAINED_LENGTH = 1000;

function contains(field: Field, text: string): Expression {
  if (text.length > MAX_CONTAINED_LENGTH)
    return binary('=', field, literal({ type: 'string', value: text }));
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return binary('=~', field, literal({ type: 'string', value: `(?is).*${escaped}.*` }));
}

function binary(
  operator: '&&' | '||' | '=' | '=~',
  left: Expression,
  right: Expression,
): Expression {
  return { kind: 'binary', operator, left, right, range: NOWHERE };
}

function intrinsic(name: Intrinsic): Field {
  return { kind: 'intrinsic', name, range: NOWHERE };
}

function literal(value: StaticValue): Expression {
  return { kind: 'literal', value, range: NOWHERE };
}

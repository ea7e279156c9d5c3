/** The search that came before TraceQL: tags, each of which a span has with a value that contains a text, in any case. */
import { SPAN_STATUSES } from '@clew/model';
import {
  attributeField,
  compareField,
  intrinsicField,
  joinConditions,
  searchOfConditions,
} from '@clew/traceql';
import type { Expression, Field, Intrinsic, SearchQuery, StaticValue } from '@clew/traceql';

/** A search for spans that have all of the tags. */
export function searchOfTags(tags: ReadonlyMap<string, string>): SearchQuery {
  return searchOfConditions([...tags].map(([key, value]) => conditionOf(key, value)));
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
  if (status !== undefined) return compareField('=', intrinsicField('span:status'), status);
  const name = Object.hasOwn(INTRINSICS, key) ? INTRINSICS[key] : undefined;
  if (name !== undefined) return contains(intrinsicField(name), value);
  const field = attributeField(key === SERVICE_NAME ? 'resource' : 'any', key);
  const readings = readingsOf(value).map((reading) => compareField('=', field, reading));
  return joinConditions('||', [contains(field, value), ...readings]);
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
    return compareField('=', field, { type: 'string', value: text });
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return compareField('=~', field, { type: 'string', value: `(?is).*${escaped}.*` });
}

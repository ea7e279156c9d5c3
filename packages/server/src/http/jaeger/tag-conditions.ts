/**
 * What a tag of Jaeger's asks, in TraceQL. A span has a tag when it, one of its events or links, its resource or its scope has an
 * attribute of that name whose value reads like that. Some of what Jaeger shows as tags are fields of their own here.
 */
import { SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import type { SpanStatus } from '@clew/model';
import {
  attributeField,
  compareField,
  intrinsicField,
  joinConditions,
  readingsOf,
} from '@clew/traceql';
import type { AttributeScope, Expression, Intrinsic } from '@clew/traceql';
import { parseGoBool } from './go-syntax.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface TagConditions {
  /** What the span itself, its resource or its scope says. */
  readonly own: Expression;
  /** What its events or links say, which takes longer to look through; undefined where they cannot have the tag. */
  readonly details: Expression | undefined;
}

/** A span has the tag when it meets either. */
export function conditionsOfTag(tag: Tag): TagConditions {
  const { key, value } = tag;
  const special = specialConditions(tag);
  if (special !== undefined) return { own: joinConditions('||', special), details: undefined };
  if (key.startsWith('resource.')) {
    const named = { key: key.slice('resource.'.length), value };
    const own = joinConditions('||', attributeConditions(['resource'], named));
    return { own, details: undefined };
  }
  const field = TEXT_FIELDS.get(key);
  const isText: readonly Expression[] =
    field === undefined
      ? []
      : [compareField('=', intrinsicField(field), { type: 'string', value })];
  const own = attributeConditions(['span', 'resource', 'instrumentation'], tag);
  const details = attributeConditions(['event', 'link'], tag);
  return {
    own: joinConditions('||', field === 'event:name' ? own : [...isText, ...own]),
    details: joinConditions('||', field === 'event:name' ? [...isText, ...details] : details),
  };
}

/** Tags that are texts of a field. */
const TEXT_FIELDS: ReadonlyMap<string, Intrinsic> = new Map([
  ['otel.scope.name', 'instrumentation:name'],
  ['otel.library.name', 'instrumentation:name'],
  ['scope.name', 'instrumentation:name'],
  ['otel.scope.version', 'instrumentation:version'],
  ['otel.library.version', 'instrumentation:version'],
  ['scope.version', 'instrumentation:version'],
  ['otel.status_description', 'span:statusMessage'],
  ['event', 'event:name'],
]);

/** Of tags that say a span's status or kind; undefined for others. */
function specialConditions({ key, value }: Tag): readonly Expression[] | undefined {
  switch (key) {
    case 'error': {
      const isError = parseGoBool(value);
      if (isError === undefined) return undefined;
      // Senders that know no status say it by an attribute.
      const own = attributeConditions(['span'], { key, value: String(isError) });
      return [hasStatus(isError ? 'error' : 'ok'), ...own];
    }
    case 'otel.status_code':
    case 'span.status': {
      const status = SPAN_STATUSES.find((each) => each === value.toLowerCase());
      return status === undefined ? undefined : [hasStatus(status)];
    }
    case 'span.kind': {
      const kind = SPAN_KINDS.find((each) => each === value.toLowerCase());
      if (kind === undefined) return undefined;
      return [compareField('=', intrinsicField('span:kind'), { type: 'kind', value: kind })];
    }
    default:
      return undefined;
  }
}

function hasStatus(status: SpanStatus): Expression {
  return compareField('=', intrinsicField('span:status'), { type: 'status', value: status });
}

function attributeConditions(
  scopes: readonly AttributeScope[],
  { key, value }: Tag,
): readonly Expression[] {
  const readings = readingsOf(value);
  return scopes.flatMap((scope) =>
    readings.map((each) => compareField('=', attributeField(scope, key), each)),
  );
}

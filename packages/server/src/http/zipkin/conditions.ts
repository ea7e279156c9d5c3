/** What Zipkin's search asks, as conditions of TraceQL on one span. */
import type { SpanStatus } from '@clew/model';
import { ZIPKIN_REMOTE_NAMES } from '@clew/protocol';
import {
  NIL,
  attributeField,
  compareField,
  intrinsicField,
  joinConditions,
  literalOf,
  searchOfForm,
} from '@clew/traceql';
import type { Expression, Field, SearchForm, StaticValue } from '@clew/traceql';

/** An entry of an `annotationQuery`: a key alone, or what it has to be. */
export interface AnnotationTerm {
  readonly key: string;
  readonly value: string | undefined;
}

/** One of the fields of a form. */
export function conditionOfForm(form: SearchForm): Expression {
  const [stage] = searchOfForm(form).pipeline.stages;
  return (stage.kind === 'filter' && stage.condition) || ALWAYS;
}

/** One of several names, any of which will do. */
export function conditionOfNames(
  field: 'service' | 'spanName',
  names: readonly string[],
): Expression {
  return joinConditions(
    '||',
    names.map((name) => conditionOfForm({ [field]: name })),
  );
}

/** The service at the other end, by any of the attributes that it is told by. */
export function conditionOfRemoteService(name: string): Expression {
  return joinConditions(
    '||',
    ZIPKIN_REMOTE_NAMES.map((key) => compareField('=', remoteName(key), text(name))),
  );
}

/** That the other end has a name. */
export function hasRemoteService(): Expression {
  return joinConditions(
    '||',
    ZIPKIN_REMOTE_NAMES.map((key) => compareField('!=', remoteName(key), NIL)),
  );
}

export function remoteName(key: string): Field {
  return attributeField('span', key);
}

/** A key alone is that of a tag, or an annotation; some tags are fields of their own here. */
export function conditionOfTerm({ key, value }: AnnotationTerm): Expression {
  const field = value === undefined ? conditionOfKnownKey(key) : conditionOfKnownTag(key, value);
  if (value !== undefined) {
    const tag = conditionOfForm({ attributes: [{ key, value }] });
    return field === undefined ? tag : joinConditions('||', [field, tag]);
  }
  const tag = compareField('!=', attributeField('any', key), NIL);
  const annotation = compareField('=', intrinsicField('event:name'), text(key));
  return joinConditions('||', field === undefined ? [tag, annotation] : [field, tag, annotation]);
}

function conditionOfKnownKey(key: string): Expression | undefined {
  switch (key) {
    case 'error':
      return IS_ERROR;
    case 'otel.status_code':
      return compareField('!=', intrinsicField('span:status'), status('unset'));
    case 'otel.scope.name':
      return compareField('!=', intrinsicField('instrumentation:name'), text(''));
    case 'otel.scope.version':
      return compareField('!=', intrinsicField('instrumentation:version'), text(''));
    case 'span.kind':
      return IS_INTERNAL;
    default:
      return undefined;
  }
}

function conditionOfKnownTag(key: string, value: string): Expression | undefined {
  switch (key) {
    case 'error':
      return value === 'true'
        ? IS_ERROR
        : joinConditions('&&', [
            IS_ERROR,
            compareField('=', intrinsicField('span:statusMessage'), text(value)),
          ]);
    case 'otel.status_code':
      if (value === 'ERROR') return IS_ERROR;
      return value === 'OK'
        ? compareField('=', intrinsicField('span:status'), status('ok'))
        : undefined;
    case 'otel.scope.name':
      return compareField('=', intrinsicField('instrumentation:name'), text(value));
    case 'otel.scope.version':
      return compareField('=', intrinsicField('instrumentation:version'), text(value));
    case 'span.kind':
      return value === 'internal' ? IS_INTERNAL : undefined;
    default:
      return undefined;
  }
}

const ALWAYS = literalOf({ type: 'bool', value: true });
const IS_ERROR = compareField('=', intrinsicField('span:status'), status('error'));
const IS_INTERNAL = compareField('=', intrinsicField('span:kind'), {
  type: 'kind',
  value: 'internal',
});

function status(value: SpanStatus): StaticValue {
  return { type: 'status', value };
}

function text(value: string): StaticValue {
  return { type: 'string', value };
}

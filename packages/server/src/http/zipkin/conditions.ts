/** What Zipkin's search asks, as conditions of TraceQL on one span. */
import { ZIPKIN_REMOTE_NAMES } from '@clew/protocol';
import { searchOfForm } from '@clew/traceql';
import type {
  BinaryOperator,
  Expression,
  Field,
  SearchForm,
  SearchQuery,
  StaticValue,
  TextRange,
} from '@clew/traceql';

/** An entry of an `annotationQuery`: a key alone, or what it has to be. */
export interface AnnotationTerm {
  readonly key: string;
  readonly value: string | undefined;
}

const NOWHERE: TextRange = { start: 0, end: 0 };

/** A search for traces with a span of which all hold. */
export function searchOfConditions(conditions: readonly Expression[]): SearchQuery {
  const condition = conditions.length === 0 ? undefined : join('&&', conditions);
  const filter = { kind: 'filter', condition, range: NOWHERE } as const;
  return { ...searchOfForm({}), pipeline: { stages: [filter], range: NOWHERE } };
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
  return join(
    '||',
    names.map((name) => conditionOfForm({ [field]: name })),
  );
}

/** The service at the other end, by any of the attributes that it is told by. */
export function conditionOfRemoteService(name: string): Expression {
  return join(
    '||',
    ZIPKIN_REMOTE_NAMES.map((key) => binary('=', remoteName(key), text(name))),
  );
}

/** That the other end has a name. */
export function hasRemoteService(): Expression {
  return join(
    '||',
    ZIPKIN_REMOTE_NAMES.map((key) => binary('!=', remoteName(key), NIL)),
  );
}

export function remoteName(key: string): Field {
  return { kind: 'attribute', scope: 'span', ofParent: false, name: key, range: NOWHERE };
}

/** A key alone is that of a tag, or an annotation; some tags are fields of their own here. */
export function conditionOfTerm({ key, value }: AnnotationTerm): Expression {
  const field = value === undefined ? conditionOfKnownKey(key) : conditionOfKnownTag(key, value);
  if (value !== undefined) {
    const tag = conditionOfForm({ attributes: [{ key, value }] });
    return field === undefined ? tag : join('||', [field, tag]);
  }
  const attribute: Field = {
    kind: 'attribute',
    scope: 'any',
    ofParent: false,
    name: key,
    range: NOWHERE,
  };
  const tag = binary('!=', attribute, NIL);
  const annotation = binary('=', intrinsic('event:name'), text(key));
  return join('||', field === undefined ? [tag, annotation] : [field, tag, annotation]);
}

function conditionOfKnownKey(key: string): Expression | undefined {
  switch (key) {
    case 'error':
      return IS_ERROR;
    case 'otel.status_code':
      return binary('!=', intrinsic('span:status'), status('unset'));
    case 'otel.scope.name':
      return binary('!=', intrinsic('instrumentation:name'), text(''));
    case 'otel.scope.version':
      return binary('!=', intrinsic('instrumentation:version'), text(''));
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
        : join('&&', [IS_ERROR, binary('=', intrinsic('span:statusMessage'), text(value))]);
    case 'otel.status_code':
      if (value === 'ERROR') return IS_ERROR;
      return value === 'OK' ? binary('=', intrinsic('span:status'), status('ok')) : undefined;
    case 'otel.scope.name':
      return binary('=', intrinsic('instrumentation:name'), text(value));
    case 'otel.scope.version':
      return binary('=', intrinsic('instrumentation:version'), text(value));
    case 'span.kind':
      return value === 'internal' ? IS_INTERNAL : undefined;
    default:
      return undefined;
  }
}

const NIL = literal({ type: 'nil' });
const ALWAYS = literal({ type: 'bool', value: true });
const IS_ERROR = binary('=', intrinsic('span:status'), status('error'));
const IS_INTERNAL = binary(
  '=',
  intrinsic('span:kind'),
  literal({ type: 'kind', value: 'internal' }),
);

function join(operator: '&&' | '||', conditions: readonly Expression[]): Expression {
  return conditions.reduce((left, right) => binary(operator, left, right));
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, range: NOWHERE };
}

function intrinsic(
  name:
    | 'event:name'
    | 'instrumentation:name'
    | 'instrumentation:version'
    | 'span:kind'
    | 'span:status'
    | 'span:statusMessage',
): Field {
  return { kind: 'intrinsic', name, range: NOWHERE };
}

function status(value: 'unset' | 'ok' | 'error'): Expression {
  return literal({ type: 'status', value });
}

function text(value: string): Expression {
  return literal({ type: 'string', value });
}

function literal(value: StaticValue): Expression {
  return { kind: 'literal', value, range: NOWHERE };
}

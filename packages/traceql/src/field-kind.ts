/** Of which kind the values of fields are, as far as one can tell without spans. */
import type { Field, Intrinsic } from './syntax-tree.ts';

/** What an expression gives: `any` where only the spans can tell. */
export type ValueKind = 'string' | 'number' | 'bool' | 'status' | 'kind' | 'nil' | 'any';

export const INTRINSIC_KINDS: Readonly<Record<Intrinsic, ValueKind>> = {
  'span:duration': 'number',
  'span:name': 'string',
  'span:status': 'status',
  'span:statusMessage': 'string',
  'span:kind': 'kind',
  'span:id': 'string',
  'span:parentID': 'string',
  'span:childCount': 'number',
  'trace:duration': 'number',
  'trace:rootName': 'string',
  'trace:rootService': 'string',
  'trace:id': 'string',
  'event:name': 'string',
  'event:timeSinceStart': 'number',
  'link:traceID': 'string',
  'link:spanID': 'string',
  'instrumentation:name': 'string',
  'instrumentation:version': 'string',
  nestedSetLeft: 'number',
  nestedSetRight: 'number',
  nestedSetParent: 'number',
  parent: 'any',
};

/** The kind of value a field has; `any` for attributes. */
export function kindOfField(field: Field): ValueKind {
  return field.kind === 'attribute' ? 'any' : INTRINSIC_KINDS[field.name];
}

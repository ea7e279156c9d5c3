import { findAttribute, unreachable } from '@clew/model';
import type { Attribute, Resource, Scope, Span } from '@clew/model';
import type { AttributeField, Field, Intrinsic } from '../syntax-tree.ts';
import type { TraceContext } from './trace-context.ts';
import { fromAttribute, listOf } from './value.ts';
import type { Value } from './value.ts';

/** What a span, given by its index in the trace, has; undefined when it has no such thing. */
export type FieldReader = (context: TraceContext, index: number) => Value | undefined;

export function createFieldReader(field: Field): FieldReader {
  if (field.kind === 'intrinsic') {
    const read = INTRINSICS[field.name];
    return (context, index) => {
      const span = context.spans[index];
      return span === undefined ? undefined : read(span, context, index);
    };
  }
  const { ofParent } = field;
  return (context, index) => {
    const owner = ofParent ? (context.tree.parents[index] ?? -1) : index;
    const span = context.spans[owner];
    return span === undefined ? undefined : readAttribute(field, span);
  };
}

/** Reads a field of the span's instrumentation scope; undefined for any other field. */
export function scopeFieldReader(field: Field): ((scope: Scope) => Value | undefined) | undefined {
  if (field.kind === 'attribute') {
    if (field.scope !== 'instrumentation' || field.ofParent) return undefined;
    return ({ attributes }) => findValue(attributes, field.name);
  }
  if (field.name === 'instrumentation:name') return ({ name }) => text(name);
  return field.name === 'instrumentation:version' ? ({ version }) => text(version) : undefined;
}

function readAttribute({ scope, name }: AttributeField, span: Span): Value | undefined {
  switch (scope) {
    case 'any':
      return findValue(span.attributes, name) ?? readResource(span.resource, name);
    case 'span':
      return findValue(span.attributes, name);
    case 'resource':
      return readResource(span.resource, name);
    case 'event':
      return collect(span.events, ({ attributes }) => findValue(attributes, name));
    case 'link':
      return collect(span.links, ({ attributes }) => findValue(attributes, name));
    case 'instrumentation':
      return findValue(span.scope.attributes, name);
    default:
      return unreachable(scope);
  }
}

/** What is under a key; undefined where nothing is. */
export function findValue(attributes: readonly Attribute[], name: string): Value | undefined {
  return fromAttribute(findAttribute(attributes, name));
}

/** What a resource has under a key; the service's name is kept apart from its other attributes. */
export function readResource(resource: Resource, name: string): Value | undefined {
  if (name === 'service.name') return { type: 'string', value: resource.service };
  return findValue(resource.attributes, name);
}

function collect<Owner>(
  owners: readonly Owner[],
  read: (owner: Owner) => Value | undefined,
): Value | undefined {
  return listOf(owners.map(read).filter((value) => value !== undefined));
}

type IntrinsicReader = (span: Span, context: TraceContext, index: number) => Value | undefined;

const INTRINSICS: Readonly<Record<Intrinsic, IntrinsicReader>> = {
  'span:duration': (span) => duration(span.durationNano),
  'span:name': (span) => text(span.name),
  'span:status': (span) => ({ type: 'status', value: span.status }),
  'span:statusMessage': (span) => text(span.statusMessage),
  'span:kind': (span) => ({ type: 'kind', value: span.kind }),
  'span:id': (span) => text(span.spanId),
  'span:parentID': (span) => text(span.parentSpanId),
  'span:childCount': (_, context, index) => integer(context.childCounts[index]),
  'trace:duration': (_, context) => duration(context.durationNano),
  'trace:rootName': (_, context) => text(context.rootSpan?.name),
  'trace:rootService': (_, context) => text(context.rootSpan?.resource.service),
  'trace:id': (span) => text(span.traceId),
  'event:name': ({ events }) => collect(events, (event) => text(event.name)),
  'event:timeSinceStart': ({ events, startUnixNano }) =>
    collect(events, (event) => duration(event.timeUnixNano - startUnixNano)),
  'link:traceID': ({ links }) => collect(links, (link) => text(link.traceId)),
  'link:spanID': ({ links }) => collect(links, (link) => text(link.spanId)),
  'instrumentation:name': (span) => text(span.scope.name),
  'instrumentation:version': (span) => text(span.scope.version),
  nestedSetLeft: (_, { nestedSets }, index) => integer(nestedSets.left[index]),
  nestedSetRight: (_, { nestedSets }, index) => integer(nestedSets.right[index]),
  nestedSetParent: (_, { nestedSets }, index) => integer(nestedSets.parent[index]),
  parent: (_, { tree }, index) => ((tree.parents[index] ?? -1) < 0 ? undefined : { type: 'other' }),
};

function duration(nanos: bigint): Value {
  return { type: 'duration', value: nanos };
}

function text(value: string | undefined): Value | undefined {
  return value === undefined ? undefined : { type: 'string', value };
}

function integer(value: number | undefined): Value {
  return { type: 'int', value: BigInt(value ?? 0) };
}

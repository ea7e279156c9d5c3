import { isSpanContextValid, propagation } from '@opentelemetry/api';
import type { Baggage, Link } from '@opentelemetry/api';
import { REFERENCE_CHILD_OF } from 'opentracing';
import type { SpanOptions } from 'opentracing';
import { BridgeSpanContext, toBridgeSpanContext } from './bridge-span-context.ts';

/** What a new span takes over from those it refers to. */
export interface SpanReferences {
  /** Whether none was given that this library knows. */
  readonly isEmpty: boolean;
  /** With the baggage of all that are referred to; of a repeated key, the first one's. */
  readonly parent: BridgeSpanContext;
  readonly links: Link[];
}

const NO_PARENT = new BridgeSpanContext(undefined, { baggage: undefined, isDebug: false });

interface Referred {
  readonly type: string;
  readonly context: BridgeSpanContext;
}

/**
 * The parent is `childOf`, else the first "child of" among the references, else the first of them. As the specification wants
 * it, the list of references becomes links as well, with `opentracing.ref_type`; `childOf` by itself does not, for such a link
 * would only repeat the parent. Never throws; references of another library's making that do are as good as none.
 */
export function readReferences(options: SpanOptions): SpanReferences {
  try {
    return tryReadReferences(options);
  } catch {
    return { isEmpty: true, parent: NO_PARENT, links: [] };
  }
}

function tryReadReferences(options: SpanOptions): SpanReferences {
  const listed = readList(options.references);
  const parent = toBridgeSpanContext(options.childOf);
  const all = parent ? [{ type: REFERENCE_CHILD_OF, context: parent }, ...listed] : listed;
  const spans = all.filter(({ context }) => hasSpan(context));
  const first = spans.find(({ type }) => type === REFERENCE_CHILD_OF) ?? spans[0];
  return {
    isEmpty: all.length === 0,
    parent: new BridgeSpanContext(first?.context.span, {
      baggage: uniteBaggage(all.map(({ context }) => context.baggage)),
      isDebug: first?.context.isDebug ?? false,
    }),
    links: listed.flatMap(toLinks),
  };
}

function readList(references: unknown): Referred[] {
  if (!Array.isArray(references)) return [];
  return references.flatMap((reference: unknown) => {
    if (!isReference(reference)) return [];
    const context = toBridgeSpanContext(reference.referencedContext());
    return context ? [{ type: reference.type(), context }] : [];
  });
}

interface ReferenceLike {
  readonly type: () => string;
  readonly referencedContext: () => unknown;
}

/** The application may have a second copy of the package, so the class is not asked for. */
function isReference(value: unknown): value is ReferenceLike {
  if (typeof value !== 'object' || value === null) return false;
  if (!('type' in value && 'referencedContext' in value)) return false;
  return typeof value.type === 'function' && typeof value.referencedContext === 'function';
}

function hasSpan({ span }: BridgeSpanContext): boolean {
  return span !== undefined && isSpanContextValid(span.spanContext());
}

function toLinks({ type, context }: Referred): Link[] {
  if (context.span === undefined || !hasSpan(context)) return [];
  return [{ context: context.span.spanContext(), attributes: { 'opentracing.ref_type': type } }];
}

function uniteBaggage(parts: readonly (Baggage | undefined)[]): Baggage | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length < 2) return given[0];
  const entries = given.toReversed().flatMap((part) => part.getAllEntries());
  return propagation.createBaggage(Object.fromEntries(entries));
}

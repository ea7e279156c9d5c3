/** Attributes in the order of their keys, events in the order of their times. */
import type { Attribute, Resource, Scope, Span } from '@clew/model';
import type { AdjustedSpan } from './adjusted-span.ts';

export function sortCollections(spans: readonly AdjustedSpan[]): readonly AdjustedSpan[] {
  const resources = new Map<Resource, Resource>();
  const scopes = new Map<Scope, Scope>();
  return spans.map(({ span, warnings }) => ({
    span: {
      ...sorted(span),
      resource: sortedOnce(resources, span.resource),
      scope: sortedOnce(scopes, span.scope),
      events: [...span.events].sort(byTime).map(sorted),
      links: span.links.map(sorted),
    },
    warnings,
  }));
}

interface Described {
  readonly attributes: readonly Attribute[];
}

/** Resources and scopes are compared by identity, so that each stays one. */
function sortedOnce<Owner extends Described>(known: Map<Owner, Owner>, owner: Owner): Owner {
  let result = known.get(owner);
  if (result === undefined) known.set(owner, (result = sorted(owner)));
  return result;
}

function sorted<Owner extends Described>(owner: Owner): Owner {
  const { attributes } = owner;
  const isSorted = attributes.every(
    ({ key }, at) => at === 0 || (attributes[at - 1]?.key ?? '') <= key,
  );
  return isSorted ? owner : { ...owner, attributes: [...attributes].sort(byKey) };
}

function byKey(a: Attribute, b: Attribute): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

function byTime(a: Span['events'][number], b: Span['events'][number]): number {
  if (a.timeUnixNano === b.timeUnixNano) return 0;
  return a.timeUnixNano < b.timeUnixNano ? -1 : 1;
}

/** Some senders put on every span which library made it; that is shown with the process. */
import { findAttribute } from '@clew/model';
import type { Attribute, Resource } from '@clew/model';
import type { AdjustedSpan } from './adjusted-span.ts';

const LIBRARY_KEYS: ReadonlySet<string> = new Set([
  'telemetry.sdk.language',
  'telemetry.sdk.name',
  'telemetry.sdk.version',
  'telemetry.distro.name',
  'telemetry.distro.version',
]);

export function moveLibraryAttributes(spans: readonly AdjustedSpan[]): readonly AdjustedSpan[] {
  if (!spans.some(({ span }) => span.attributes.some(isOfLibrary))) return spans;
  const resources = new ResourceTable();
  const moved = spans.map((adjusted) => moveAttributes(adjusted, resources));
  // A resource is whole only when all of its spans have been looked at.
  return moved.map(({ span, warnings }) => {
    const resource = resources.get(span.resource);
    return { span: resource === span.resource ? span : { ...span, resource }, warnings };
  });
}

function moveAttributes(adjusted: AdjustedSpan, resources: ResourceTable): AdjustedSpan {
  const { span } = adjusted;
  if (!span.attributes.some(isOfLibrary)) return adjusted;
  const attributes: Attribute[] = [];
  const warnings = [...adjusted.warnings];
  for (const attribute of span.attributes) {
    const isMoved = isOfLibrary(attribute) && resources.put(span.resource, attribute);
    if (isMoved) continue;
    attributes.push(attribute);
    if (isOfLibrary(attribute)) {
      warnings.push(`conflicting values between Span and Resource for attribute ${attribute.key}`);
    }
  }
  return { span: { ...span, attributes }, warnings };
}

function isOfLibrary({ key }: Attribute): boolean {
  return LIBRARY_KEYS.has(key);
}

/** Resources with what was moved to them. */
class ResourceTable {
  readonly #resources = new Map<Resource, Resource>();

  get(resource: Resource): Resource {
    return this.#resources.get(resource) ?? resource;
  }

  /** `false` when the resource says something else there. */
  put(original: Resource, attribute: Attribute): boolean {
    const resource = this.get(original);
    const { value } = attribute;
    const existing = findAttribute(resource.attributes, attribute.key);
    if (existing !== undefined) {
      return (
        existing.type === 'string' && value.type === 'string' && existing.value === value.value
      );
    }
    const attributes = [...resource.attributes, attribute];
    this.#resources.set(original, { ...resource, attributes });
    return true;
  }
}

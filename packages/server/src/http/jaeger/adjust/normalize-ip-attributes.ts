/** Old clients send an IPv4 address as a number; it is shown as people write it. */
import type { Attribute, Resource } from '@clew/model';
import type { AdjustedSpan } from './adjusted-span.ts';

const IP_KEYS: ReadonlySet<string> = new Set(['ip', 'peer.ipv4']);

export function normalizeIpAttributes(spans: readonly AdjustedSpan[]): readonly AdjustedSpan[] {
  const resources = new Map<Resource, Resource>();
  return spans.map((adjusted): AdjustedSpan => {
    const { span, warnings } = adjusted;
    const attributes = withAddresses(span.attributes);
    let resource = resources.get(span.resource);
    if (resource === undefined) {
      const described = withAddresses(span.resource.attributes);
      const isSame = described === span.resource.attributes;
      resource = isSame ? span.resource : { ...span.resource, attributes: described };
      resources.set(span.resource, resource);
    }
    if (attributes === span.attributes && resource === span.resource) return adjusted;
    return { span: { ...span, attributes, resource }, warnings };
  });
}

/** The same list where nothing is to be changed. */
function withAddresses(attributes: readonly Attribute[]): readonly Attribute[] {
  if (!attributes.some(isNumericAddress)) return attributes;
  return attributes.map((attribute): Attribute => {
    const { key, value } = attribute;
    if (!IP_KEYS.has(key) || (value.type !== 'int' && value.type !== 'double')) return attribute;
    const number = value.type === 'int' ? Number(BigInt.asUintN(32, value.value)) : value.value;
    return { key, value: { type: 'string', value: formatIpv4(number) } };
  });
}

function isNumericAddress({ key, value }: Attribute): boolean {
  return IP_KEYS.has(key) && (value.type === 'int' || value.type === 'double');
}

function formatIpv4(number: number): string {
  const bits = number >>> 0;
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
}

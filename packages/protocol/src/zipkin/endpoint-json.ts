/** The two ends of a span's connection as Zipkin's JSON has them, out of attributes. */
import { findAttribute } from '@clew/model';
import type { Attribute, AttributeValue, Span } from '@clew/model';
import { formatTag } from './attribute-text.ts';

/** What is not known is absent; one of which nothing is known is none. */
export interface ZipkinEndpointJson {
  readonly serviceName: string | undefined;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  /** 1 to 65535. */
  readonly port: number | undefined;
}

export interface RemoteEndpoint {
  readonly endpoint: ZipkinEndpointJson | undefined;
  /** The attributes that were made from an endpoint, and are no tags therefore. */
  readonly usedKeys: readonly string[];
}

/**
 * What the service behind may be called, the best name first: what OpenTelemetry has its exporters to Zipkin look at. The
 * first is what an endpoint of Zipkin's is kept as; the others are attributes of their own.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/#remote-endpoint
 */
export const ZIPKIN_REMOTE_NAMES: readonly [string, ...string[]] = [
  'peer.service',
  'server.address',
  'net.peer.name',
  'server.socket.domain',
  'net.sock.peer.name',
  'peer.hostname',
  'peer.address',
  'db.name',
  'db.namespace',
];

const NAMES_OF_OTHERS = ZIPKIN_REMOTE_NAMES.slice(1);

/** Where its address and port may be, likewise. */
const REMOTE_ADDRESSES: readonly (readonly [string, string])[] = [
  ['network.peer.address', 'network.peer.port'],
  ['server.socket.address', 'server.socket.port'],
  ['net.sock.peer.addr', 'net.sock.peer.port'],
];

export function findRemoteEndpoint({ attributes, kind }: Span): RemoteEndpoint {
  const peer = findAttribute(attributes, 'peer.service');
  const address = findAttribute(attributes, 'net.peer.ip');
  const port = findAttribute(attributes, 'net.peer.port');
  const name = peer?.type === 'string' ? peer.value : '';
  const given = createEndpoint(name, address, port);
  if (given.endpoint !== undefined) {
    const usedKeys: string[] = [];
    if (name !== '') usedKeys.push('peer.service');
    if (given.isAddressUsed) usedKeys.push('net.peer.ip');
    if (given.isPortUsed) usedKeys.push('net.peer.port');
    const { serviceName } = given.endpoint;
    // A port alone does not say whose.
    if (serviceName !== undefined || given.isAddressUsed || !isCaller(kind))
      return { endpoint: given.endpoint, usedKeys };
    const endpoint = { ...given.endpoint, serviceName: findText(attributes, NAMES_OF_OTHERS) };
    return { endpoint, usedKeys };
  }
  return { endpoint: isCaller(kind) ? guessEndpoint(attributes) : undefined, usedKeys: [] };
}

/** Only of these the other side is the one that attributes tell of. */
function isCaller(kind: Span['kind']): boolean {
  return kind === 'client' || kind === 'producer';
}

function guessEndpoint(attributes: readonly Attribute[]): ZipkinEndpointJson | undefined {
  const name = findText(attributes, NAMES_OF_OTHERS) ?? '';
  for (const [addressKey, portKey] of REMOTE_ADDRESSES) {
    const address = findAttribute(attributes, addressKey);
    if (address !== undefined)
      return createEndpoint(name, address, findAttribute(attributes, portKey)).endpoint;
  }
  return createEndpoint(name, undefined, undefined).endpoint;
}

function findText(attributes: readonly Attribute[], keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = findAttribute(attributes, key);
    if (value?.type === 'string' && value.value !== '') return value.value;
  }
  return undefined;
}

interface CreatedEndpoint {
  readonly endpoint: ZipkinEndpointJson | undefined;
  readonly isAddressUsed: boolean;
  readonly isPortUsed: boolean;
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;
const PORT = /^\d{1,5}$/;

/** Takes what of an address and a port can be one. `name` may be empty. */
export function createEndpoint(
  name: string,
  address: AttributeValue | undefined,
  port: AttributeValue | undefined,
): CreatedEndpoint {
  const ip = address?.type === 'string' ? address.value : '';
  const ipv4 = IPV4.test(ip) ? ip : undefined;
  const ipv6 = IPV6.test(ip) ? ip : undefined;
  const digits = port === undefined ? '' : formatTag(port);
  const number = PORT.test(digits) ? Number(digits) : 0;
  const isPortUsed = number > 0 && number <= 65_535;
  const isAddressUsed = ipv4 !== undefined || ipv6 !== undefined;
  const isKnown = name !== '' || isAddressUsed || isPortUsed;
  const endpoint: ZipkinEndpointJson = {
    serviceName: name === '' ? undefined : name,
    ipv4,
    ipv6,
    port: isPortUsed ? number : undefined,
  };
  return { endpoint: isKnown ? endpoint : undefined, isAddressUsed, isPortUsed };
}

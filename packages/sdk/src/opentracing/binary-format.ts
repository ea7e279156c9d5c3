import {
  baggageEntryMetadataFromString,
  createTraceState,
  isSpanContextValid,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Baggage, BaggageEntry, Span } from '@opentelemetry/api';
import { baggageMembers } from '../propagation/baggage-members.ts';
import { BridgeSpanContext } from './bridge-span-context.ts';

const VERSION = 0;
const TRACE_ID = 0;
const SPAN_ID = 1;
const FLAGS = 2;
const TRACE_STATE = 3;
const BAGGAGE = 4;

/** Of the span: version, then ids and flags, each with its field's number in front. */
const SPAN_BYTES = 29;
/** Of the whole; far above what `tracestate` and baggage may have in headers. */
const MAX_BYTES = 65_536;
const MAX_TEXT_BYTES = 16_384;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * A span's context as bytes, for `FORMAT_BINARY`. A version (0), then fields, each with its number in front: 0 the trace id (16
 * bytes), 1 the span id (8), 2 the flags (1), as in `grpc-trace-bin`, whose readers stop at what they do not know; then 3
 * `tracestate` and 4 baggage as in W3C's headers, both with a length of two bytes, big-endian. A text of more than 16,384
 * bytes is left out. As in W3C's headers there is no place for the debug flag of B3 and Jaeger.
 */
export function encodeBinary({ span, baggage }: BridgeSpanContext): Uint8Array {
  return Buffer.concat([
    Buffer.of(VERSION),
    ...encodeSpan(span),
    ...encodeText(TRACE_STATE, span?.spanContext().traceState?.serialize() ?? ''),
    ...encodeText(BAGGAGE, baggage === undefined ? '' : formatBaggage(baggage)),
  ]);
}

/** Reads what `encodeBinary` wrote; `undefined` for anything else. What follows a field that is not known is not read. */
export function decodeBinary(buffer: unknown): BridgeSpanContext | undefined {
  if (!isBytes(buffer)) return undefined;
  const bytes = Buffer.from(Uint8Array.from(buffer));
  if (bytes[0] !== VERSION) return undefined;
  const hasSpan =
    bytes.length >= SPAN_BYTES &&
    bytes[1] === TRACE_ID &&
    bytes[18] === SPAN_ID &&
    bytes[27] === FLAGS;
  const texts = decodeTexts(bytes, hasSpan ? SPAN_BYTES : 1);
  return new BridgeSpanContext(hasSpan ? decodeSpan(bytes, texts.get(TRACE_STATE)) : undefined, {
    baggage: parseBaggage(texts.get(BAGGAGE) ?? ''),
    isDebug: false,
  });
}

function encodeSpan(span: Span | undefined): Uint8Array[] {
  const spanContext = span?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return [];
  return [
    Buffer.of(TRACE_ID),
    Buffer.from(spanContext.traceId, 'hex'),
    Buffer.of(SPAN_ID),
    Buffer.from(spanContext.spanId, 'hex'),
    Buffer.of(FLAGS, spanContext.traceFlags),
  ];
}

function encodeText(field: number, text: string): Uint8Array[] {
  const bytes = Buffer.from(text);
  if (bytes.length === 0 || bytes.length > MAX_TEXT_BYTES) return [];
  return [Buffer.of(field, bytes.length >> 8, bytes.length & 0xff), bytes];
}

function isBytes(value: unknown): value is ArrayLike<number> {
  if (typeof value !== 'object' || value === null || !('length' in value)) return false;
  return typeof value.length === 'number' && value.length > 0 && value.length <= MAX_BYTES;
}

function decodeTexts(bytes: Buffer, start: number): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  let offset = start;
  while (offset + 3 <= bytes.length) {
    const field = bytes.readUInt8(offset);
    const end = offset + 3 + bytes.readUInt16BE(offset + 1);
    if ((field !== TRACE_STATE && field !== BAGGAGE) || end > bytes.length) break;
    texts.set(field, bytes.toString('utf8', offset + 3, end));
    offset = end;
  }
  return texts;
}

function decodeSpan(bytes: Buffer, traceState: string | undefined): Span {
  return trace.wrapSpanContext({
    traceId: bytes.toString('hex', 2, 18),
    spanId: bytes.toString('hex', 19, 27),
    traceFlags: bytes.readUInt8(28),
    isRemote: true,
    ...(traceState === undefined ? {} : { traceState: createTraceState(traceState) }),
  });
}

function formatBaggage(baggage: Baggage): string {
  return baggageMembers(baggage)
    .members.map(({ key, value, metadata }) => {
      const member = `${encode(key)}=${encode(value)}`;
      return metadata === '' ? member : `${member};${metadata}`;
    })
    .join(',');
}

/** Half a surrogate pair, which is no text, becomes U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(LONE_SURROGATE, '\ufffd'));
}

function parseBaggage(text: string): Baggage | undefined {
  const entries = text.split(',').flatMap(parseMember);
  return entries.length === 0 ? undefined : propagation.createBaggage(Object.fromEntries(entries));
}

function parseMember(member: string): [string, BaggageEntry][] {
  const semicolon = member.indexOf(';');
  const pair = semicolon < 0 ? member : member.slice(0, semicolon);
  const equals = pair.indexOf('=');
  if (equals <= 0) return [];
  try {
    const entry = { value: decodeURIComponent(pair.slice(equals + 1)) };
    const metadata = semicolon < 0 ? '' : member.slice(semicolon + 1);
    return [
      [
        decodeURIComponent(pair.slice(0, equals)),
        metadata === '' ? entry : { ...entry, metadata: baggageEntryMetadataFromString(metadata) },
      ],
    ];
  } catch {
    // A stray percent sign: this member is lost, the others are not.
    return [];
  }
}

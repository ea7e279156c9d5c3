/** OTLP requests written by hand, for what no exporter would send. */
import {
  bytes,
  concat,
  fixed,
  integer,
  layOut,
  lengthDelimited,
  string,
} from '../../bench/src/load/piece.ts';
import type { Piece } from '../../bench/src/load/piece.ts';

/** A span as it goes on the wire, right or wrong. */
export interface RawSpan {
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
  readonly name?: Uint8Array | string;
  readonly startUnixNano?: bigint;
  readonly endUnixNano?: bigint;
  readonly attributes?: Readonly<Record<string, Uint8Array | string>>;
}

/** Fresh ids and a duration of 1 ms that ends now, unless said otherwise. */
export function rawSpan(changes: RawSpan = {}): Required<RawSpan> {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    traceId: crypto.getRandomValues(new Uint8Array(16)),
    spanId: crypto.getRandomValues(new Uint8Array(8)),
    name: 'raw',
    startUnixNano: now - 1_000_000n,
    endUnixNano: now,
    attributes: {},
    ...changes,
  };
}

/** An `ExportTraceServiceRequest` with one resource, without a name where `service` is absent. */
export function encodeRawRequest(spans: readonly RawSpan[], service?: string): Uint8Array {
  const resource =
    service === undefined ? [] : [lengthDelimited(1, keyValue('service.name', service))];
  const scopeSpans = concat(spans.map((span) => lengthDelimited(2, encodeSpan(rawSpan(span)))));
  const resourceSpans = concat([
    lengthDelimited(1, concat(resource)),
    lengthDelimited(2, scopeSpans),
  ]);
  return layOut(lengthDelimited(1, resourceSpans)).bytes;
}

/** The same as OTLP's JSON, which has no bytes: texts must be texts. */
export function formatRawRequest(spans: readonly RawSpan[], service: string): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [{ spans: spans.map((span) => toJson(rawSpan(span))) }],
      },
    ],
  });
}

function encodeSpan(span: Required<RawSpan>): Piece {
  return concat([
    lengthDelimited(1, bytes(span.traceId)),
    lengthDelimited(2, bytes(span.spanId)),
    lengthDelimited(5, textOf(span.name)),
    integer(6, 2),
    fixed(7, fixed64(span.startUnixNano)),
    fixed(8, fixed64(span.endUnixNano)),
    ...Object.entries(span.attributes).map(([key, value]) =>
      lengthDelimited(9, keyValue(key, value)),
    ),
  ]);
}

function keyValue(key: string, value: Uint8Array | string): Piece {
  return concat([string(1, key), lengthDelimited(2, lengthDelimited(1, textOf(value)))]);
}

function textOf(value: Uint8Array | string): Piece {
  return bytes(typeof value === 'string' ? Buffer.from(value) : value);
}

function fixed64(value: bigint): Piece {
  return bytes(new Uint8Array(BigUint64Array.of(value).buffer));
}

function toJson(span: Required<RawSpan>) {
  return {
    traceId: Buffer.from(span.traceId).toString('hex'),
    spanId: Buffer.from(span.spanId).toString('hex'),
    name: String(span.name),
    kind: 2,
    startTimeUnixNano: String(span.startUnixNano),
    endTimeUnixNano: String(span.endUnixNano),
  };
}

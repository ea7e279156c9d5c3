/** A filled request as OTLP's `ExportTraceServiceRequest` (opentelemetry/proto/collector/trace/v1), with its marks. */
import type { ShopAttribute } from './attributes.ts';
import {
  bytes,
  concat,
  fixed,
  integer,
  layOut,
  lengthDelimited,
  marked,
  markedInteger,
  string,
  text,
} from './piece.ts';
import type { Mark, Piece } from './piece.ts';
import type { Random } from './random.ts';
import type { PlacedSpan } from './request-shape.ts';
import { ROLES, SCOPES } from './shop.ts';
import type { Service } from './shop.ts';
import { FAILURE_MESSAGE } from './span-content.ts';
import type { FilledSpan, ShopEvent } from './span-content.ts';

const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.37.0';

/** The bytes of a request, and for each span of its shape the marks that belong to it. */
export interface EncodedRequest {
  readonly bytes: Uint8Array;
  readonly marksOfSpan: readonly (readonly Mark[])[];
}

/** As a collector batches them: by resource, then by scope, each of the services through one of its instances. */
export function encodeRequest(spans: readonly FilledSpan[], random: Random): EncodedRequest {
  const pieces = spans.map(encodeSpan);
  const order: number[] = [];
  const resources: Piece[] = [];
  for (const [service, indexes] of groupByService(spans)) {
    const scopes: Piece[] = [];
    SCOPES.forEach(([name, version], scope) => {
      const members = indexes.filter((index) => scopeOf(spans, index) === scope);
      if (members.length === 0) return;
      order.push(...members);
      scopes.push(
        lengthDelimited(
          2,
          concat([
            lengthDelimited(1, concat([string(1, name), string(2, version)])),
            ...members.map((index) => lengthDelimited(2, pieceAt(pieces, index))),
          ]),
        ),
      );
    });
    const attributes = random
      .pick(service.resources)
      .map((one) => lengthDelimited(1, keyValue(one)));
    const resource = lengthDelimited(1, concat(attributes));
    resources.push(lengthDelimited(1, concat([resource, ...scopes, string(3, SCHEMA_URL)])));
  }
  const request = layOut(concat(resources));
  return { bytes: request.bytes, marksOfSpan: distribute(request.marks, order) };
}

function groupByService(spans: readonly PlacedSpan[]): Map<Service, number[]> {
  const groups = new Map<Service, number[]>();
  spans.forEach(({ service }, index) => {
    const group = groups.get(service);
    if (group === undefined) groups.set(service, [index]);
    else group.push(index);
  });
  return groups;
}

function scopeOf(spans: readonly PlacedSpan[], index: number): number {
  const span = spans[index];
  return span === undefined ? -1 : ROLES[span.operation.role].scope;
}

function pieceAt(pieces: readonly Piece[], index: number): Piece {
  const piece = pieces[index];
  if (piece === undefined) throw new Error('the span was not encoded');
  return piece;
}

/** Gives each span its marks. Those of a request come in the order of its bytes; a span's begin with its trace id. */
export function distribute(marks: readonly Mark[], order: readonly number[]): Mark[][] {
  const marksOfSpan: Mark[][] = order.map(() => []);
  let position = -1;
  for (const mark of marks) {
    if (mark.kind === 'traceId') position++;
    marksOfSpan[order[position] ?? -1]?.push(mark);
  }
  return marksOfSpan;
}

function encodeSpan({ operation, parentNumber, failed, attributes, event }: FilledSpan): Piece {
  return concat([
    TRACE_ID,
    SPAN_ID,
    ...(parentNumber < 0 ? [] : [PARENT_SPAN_ID]),
    string(5, operation.name),
    integer(6, ROLES[operation.role].kind),
    START,
    END,
    ...attributes.map((one) => lengthDelimited(9, keyValue(one))),
    ...(event === undefined ? [] : [lengthDelimited(11, encodeEvent(event))]),
    ...(failed ? [FAILED_STATUS] : []),
    parentNumber >= 0 && SERVER_KINDS.has(ROLES[operation.role].kind) ? REMOTE : LOCAL,
  ]);
}

const TRACE_ID = lengthDelimited(1, marked('traceId', 16));
const SPAN_ID = lengthDelimited(2, marked('spanId', 8));
const PARENT_SPAN_ID = lengthDelimited(4, marked('parentSpanId', 8));
const START = fixed(7, marked('start', 8));
const END = fixed(8, marked('end', 8));
const FAILED_STATUS = lengthDelimited(15, concat([string(2, FAILURE_MESSAGE), integer(3, 2)]));
const SERVER_KINDS = new Set([2, 5]);
/** Sampled, and the parent is known to be local, or remote: what OpenTelemetry's SDKs send. */
const LOCAL = fixed(16, bytes(Uint8Array.from([0x01, 0x01, 0, 0])));
const REMOTE = fixed(16, bytes(Uint8Array.from([0x01, 0x03, 0, 0])));

function encodeEvent({ name, attributes }: ShopEvent): Piece {
  const fields = attributes.map((one) => lengthDelimited(3, keyValue(one)));
  return concat([fixed(1, marked('eventTime', 8)), string(2, name), ...fields]);
}

/** A `KeyValue`. */
function keyValue({ key, value }: ShopAttribute): Piece {
  return concat([string(1, key), lengthDelimited(2, anyValue(value))]);
}

function anyValue(value: ShopAttribute['value']): Piece {
  if (typeof value === 'string') return string(1, value);
  if (typeof value === 'boolean') return integer(2, value ? 1 : 0);
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return integer(3, value);
    return fixed(4, bytes(new Uint8Array(new Float64Array([value]).buffer)));
  }
  if (value.type === 'int') return markedInteger(3, value.salt);
  if (value.type === 'double') return fixed(4, marked('double', 8, value));
  return lengthDelimited(1, concat([text(value.before), marked('hexDigits', 8, value)]));
}

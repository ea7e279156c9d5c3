/** A shaped request as OTLP's `ExportTraceServiceRequest` (opentelemetry/proto/collector/trace/v1), with its marks. */
import { attribute } from './attributes.ts';
import { bytes, concat, fixed, integer, layOut, lengthDelimited, marked, string } from './piece.ts';
import type { Mark, Piece } from './piece.ts';
import type { Random } from './random.ts';
import type { PlacedSpan, RequestShape } from './request-shape.ts';
import { ROLES, SCOPES } from './shop.ts';
import type { Service } from './shop.ts';

const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.37.0';

/** The bytes of a request, and for each span of its shape the marks that belong to it. */
export interface EncodedRequest {
  readonly bytes: Uint8Array;
  readonly marksOfSpan: readonly (readonly Mark[])[];
}

/** As a collector batches them: by resource, then by scope, each of the services through one of its instances. */
export function encodeRequest(spans: RequestShape, random: Random): EncodedRequest {
  const pieces = spans.map((span) => encodeSpan(span, random));
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
    const attributes = random.pick(service.resources).map((piece) => lengthDelimited(1, piece));
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

/** The marks of a request come in the order of its bytes; a span's begin with its trace id. */
function distribute(marks: readonly Mark[], order: readonly number[]): Mark[][] {
  const marksOfSpan: Mark[][] = order.map(() => []);
  let position = -1;
  for (const mark of marks) {
    if (mark.kind === 'traceId') position++;
    marksOfSpan[order[position] ?? -1]?.push(mark);
  }
  return marksOfSpan;
}

function encodeSpan({ operation, parentNumber, failed }: PlacedSpan, random: Random): Piece {
  const choices = failed ? operation.attributesWhenFailed : operation.attributes;
  const attributes = choices
    .map((choice) => random.pick(choice))
    .filter(({ length }) => length > 0);
  const hasEvent = random.chance(failed ? 0.7 : 0.03);
  return concat([
    TRACE_ID,
    SPAN_ID,
    ...(parentNumber < 0 ? [] : [PARENT_SPAN_ID]),
    string(5, operation.name),
    integer(6, ROLES[operation.role].kind),
    START,
    END,
    ...attributes.map((one) => lengthDelimited(9, one)),
    ...(hasEvent ? [failed ? EXCEPTION : RETRY] : []),
    ...(failed ? [FAILED_STATUS] : []),
    FLAGS,
  ]);
}

const TRACE_ID = lengthDelimited(1, marked('traceId', 16));
const SPAN_ID = lengthDelimited(2, marked('spanId', 8));
const PARENT_SPAN_ID = lengthDelimited(4, marked('parentSpanId', 8));
const START = fixed(7, marked('start', 8));
const END = fixed(8, marked('end', 8));
const FAILED_STATUS = lengthDelimited(15, concat([string(2, 'upstream timed out'), integer(3, 2)]));
/** Sampled, and the parent is known to be local: what OpenTelemetry's SDKs send. */
const FLAGS = fixed(16, bytes(Uint8Array.from([0x01, 0x01, 0, 0])));

const EXCEPTION = event('exception', [
  attribute('exception.type', 'TimeoutError'),
  attribute('exception.message', 'upstream timed out after 2000 ms'),
  attribute(
    'exception.stacktrace',
    [
      'TimeoutError: upstream timed out',
      'at request (/app/src/call.ts:41:11)',
      'at handle (/app/src/main.ts:88:5)',
    ].join('\n    '),
  ),
]);
const RETRY = event('retry', [
  attribute('retry.attempt', 1),
  attribute('retry.reason', 'connection reset'),
]);

function event(name: string, attributes: readonly Piece[]): Piece {
  const fields = attributes.map((one) => lengthDelimited(3, one));
  return lengthDelimited(
    11,
    concat([fixed(1, marked('eventTime', 8)), string(2, name), ...fields]),
  );
}

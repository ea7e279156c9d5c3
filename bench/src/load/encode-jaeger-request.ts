/**
 * A filled request as Jaeger's `Batch` (jaeger.thrift) in thrift's binary protocol. A batch comes from one process, so
 * all its spans have the resource of one service, whoever's operations they are.
 */
import { attribute } from './attributes.ts';
import type { ShopAttribute } from './attributes.ts';
import { distribute } from './encode-request.ts';
import type { EncodedRequest } from './encode-request.ts';
import { bytes, concat, layOut, marked, text } from './piece.ts';
import type { Piece } from './piece.ts';
import type { Random } from './random.ts';
import { ROLES } from './shop.ts';
import { FAILURE_MESSAGE } from './span-content.ts';
import type { FilledSpan, ShopEvent } from './span-content.ts';

export function encodeJaegerRequest(spans: readonly FilledSpan[], random: Random): EncodedRequest {
  const { service } = random.pick(spans);
  const tags = random.pick(service.resources).map(encodeTag);
  const process = [stringField(1, service.name), structsField(2, tags), STOP];
  const pieces = spans.map(encodeSpan);
  const batch = [structField(1, concat(process)), structsField(2, pieces), STOP];
  const request = layOut(concat(batch));
  const order = spans.map((_, index) => index);
  return { bytes: request.bytes, marksOfSpan: distribute(request.marks, order) };
}

/** Types of thrift's binary protocol. */
const BOOL = 2;
const DOUBLE = 4;
const I32 = 8;
const I64 = 10;
const STRING = 11;
const STRUCT = 12;
const LIST = 15;
const STOP = bytes(Uint8Array.of(0));

/** A `TagType` and the field of a tag that holds a value of this type. */
const STRING_TAG = { type: 0, field: 3 };
const DOUBLE_TAG = { type: 1, field: 4 };
const BOOL_TAG = { type: 2, field: 5 };
const LONG_TAG = { type: 3, field: 6 };

const KINDS = ['', 'internal', 'server', 'client', 'producer'];

function encodeSpan({ operation, parentNumber, failed, attributes, event }: FilledSpan): Piece {
  const tags = [
    attribute('span.kind', KINDS[ROLES[operation.role].kind] ?? ''),
    ...attributes,
    ...(failed
      ? [attribute('error', true), attribute('otel.status_description', FAILURE_MESSAGE)]
      : []),
  ];
  return concat([
    TRACE_ID,
    SPAN_ID,
    parentNumber < 0 ? NO_PARENT : PARENT_SPAN_ID,
    stringField(5, operation.name),
    FLAGS,
    START,
    DURATION,
    structsField(10, tags.map(encodeTag)),
    ...(event === undefined ? [] : [structsField(11, [encodeLog(event)])]),
    STOP,
  ]);
}

/** Fields may come in any order; the high half first makes the bytes those of the id. */
const TRACE_ID = concat([head(I64, 2), { ...marked('traceId', 19), content: traceIdBytes() }]);
const SPAN_ID = concat([head(I64, 3), marked('spanId', 8)]);
const PARENT_SPAN_ID = concat([head(I64, 4), marked('parentSpanId', 8)]);
const NO_PARENT = concat([head(I64, 4), bytes(new Uint8Array(8))]);
const FLAGS = concat([head(I32, 7), int32(1)]);
const START = concat([head(I64, 8), marked('start', 8)]);
const DURATION = concat([head(I64, 9), marked('duration', 8)]);

/** Both halves with the head of the second one's field between them. */
function traceIdBytes(): Uint8Array {
  const content = new Uint8Array(19);
  content.set([I64, 0, 1], 8);
  return content;
}

function encodeLog({ name, attributes }: ShopEvent): Piece {
  const fields = [attribute('event', name), ...attributes].map(encodeTag);
  return concat([head(I64, 1), marked('eventTime', 8), structsField(2, fields), STOP]);
}

function encodeTag({ key, value }: ShopAttribute): Piece {
  const tag = (
    kind: { readonly type: number; readonly field: number },
    thriftType: number,
    content: Piece,
  ): Piece =>
    concat([
      stringField(1, key),
      head(I32, 2),
      int32(kind.type),
      head(thriftType, kind.field),
      content,
      STOP,
    ]);
  if (typeof value === 'string') return tag(STRING_TAG, STRING, string(text(value)));
  if (typeof value === 'boolean') return tag(BOOL_TAG, BOOL, bytes(Uint8Array.of(value ? 1 : 0)));
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? tag(LONG_TAG, I64, int64(value))
      : tag(DOUBLE_TAG, DOUBLE, double(value));
  }
  if (value.type === 'int') return tag(LONG_TAG, I64, marked('int', 8, value));
  if (value.type === 'double') return tag(DOUBLE_TAG, DOUBLE, marked('double', 8, value));
  const content = concat([text(value.before), marked('hexDigits', 8, value)]);
  return tag(STRING_TAG, STRING, string(content));
}

function head(type: number, field: number): Piece {
  return bytes(Uint8Array.of(type, field >> 8, field & 0xff));
}

function stringField(field: number, value: string): Piece {
  return concat([head(STRING, field), string(text(value))]);
}

function structField(field: number, content: Piece): Piece {
  return concat([head(STRUCT, field), content]);
}

function structsField(field: number, elements: readonly Piece[]): Piece {
  const listHead = concat([bytes(Uint8Array.of(STRUCT)), int32(elements.length)]);
  return concat([head(LIST, field), listHead, ...elements]);
}

function string(content: Piece): Piece {
  return concat([int32(content.length), content]);
}

function int32(value: number): Piece {
  const content = Buffer.alloc(4);
  content.writeInt32BE(value);
  return bytes(content);
}

function int64(value: number): Piece {
  const content = Buffer.alloc(8);
  content.writeBigInt64BE(BigInt(value));
  return bytes(content);
}

function double(value: number): Piece {
  const content = Buffer.alloc(8);
  content.writeDoubleBE(value);
  return bytes(content);
}

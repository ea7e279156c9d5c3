/** A filled request as a list of spans in Zipkin's JSON, version 2: tags are texts, of a resource only the name is sent. */
import type { ShopAttribute } from './attributes.ts';
import { distribute } from './encode-request.ts';
import type { EncodedRequest } from './encode-request.ts';
import { concat, layOut, marked, text } from './piece.ts';
import type { Piece } from './piece.ts';
import { ROLES } from './shop.ts';
import { FAILURE_MESSAGE } from './span-content.ts';
import type { FilledSpan } from './span-content.ts';
import {
  ZIPKIN_DOUBLE_DIGITS,
  ZIPKIN_DURATION_DIGITS,
  ZIPKIN_INT_DIGITS,
  ZIPKIN_TIME_DIGITS,
} from './stamp-writer.ts';

export function encodeZipkinRequest(spans: readonly FilledSpan[]): EncodedRequest {
  const list = spans.flatMap((span, index) => [text(index === 0 ? '[' : ','), encodeSpan(span)]);
  const request = layOut(concat([...list, text(']')]));
  const order = spans.map((_, index) => index);
  return { bytes: request.bytes, marksOfSpan: distribute(request.marks, order) };
}

const KINDS = ['', '', 'SERVER', 'CLIENT', 'PRODUCER'];

function encodeSpan(span: FilledSpan): Piece {
  const { operation, parentNumber, failed, attributes, event, service } = span;
  const kind = KINDS[ROLES[operation.role].kind] ?? '';
  const tags = [...attributes, ...(failed ? [{ key: 'error', value: FAILURE_MESSAGE }] : [])];
  return concat([
    text('{"traceId":"'),
    marked('traceId', 32),
    text('","id":"'),
    marked('spanId', 16),
    ...(parentNumber < 0 ? [] : [text('","parentId":"'), marked('parentSpanId', 16)]),
    text(`","name":${JSON.stringify(operation.name)},"timestamp":`),
    marked('start', ZIPKIN_TIME_DIGITS),
    text(',"duration":'),
    marked('duration', ZIPKIN_DURATION_DIGITS),
    text(kind === '' ? '' : `,"kind":"${kind}"`),
    text(`,"localEndpoint":{"serviceName":${JSON.stringify(service.name)}}`),
    ...(event === undefined
      ? []
      : [
          text(',"annotations":[{"timestamp":'),
          marked('eventTime', ZIPKIN_TIME_DIGITS),
          text(`,"value":${JSON.stringify(event.name)}}]`),
        ]),
    text(',"tags":{'),
    ...tags.flatMap((tag, index) => [text(index === 0 ? '"' : ',"'), encodeTag(tag)]),
    text('}}'),
  ]);
}

/** From behind the first quotation mark. Keys of the shop need no escaping. */
function encodeTag({ key, value }: ShopAttribute): Piece {
  if (typeof value !== 'object') return text(`${key}":${JSON.stringify(String(value))}`);
  return concat([text(`${key}":"`), ...digitsOf(value), text('"')]);
}

function digitsOf(value: Extract<ShopAttribute['value'], object>): readonly Piece[] {
  if (value.type === 'text') return [text(value.before), marked('hexDigits', 8, value)];
  if (value.type === 'int') return [marked('int', ZIPKIN_INT_DIGITS, value)];
  return [marked('double', ZIPKIN_DOUBLE_DIGITS, value)];
}

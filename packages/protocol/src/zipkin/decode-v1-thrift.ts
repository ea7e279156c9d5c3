/**
 * Zipkin's first version in Thrift's binary protocol: a list of structs, with no message around it.
 *
 * https://github.com/openzipkin/zipkin-api/blob/master/thrift/zipkinCore.thrift
 */
import type { AttributeValue, SpanBlock } from '@clew/model';
import { DEFAULT_DECODE_LIMITS, checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { formatBase64 } from '../wire/base64.ts';
import { decodeText } from '../wire/text.ts';
import { ThriftBinaryReader } from '../wire/thrift-binary.ts';
import { THRIFT_TYPE } from '../wire/thrift-reader.ts';
import { ZipkinSpanAppender } from './append-spans.ts';
import { readIds } from './ids.ts';
import { formatIp } from './ip.ts';
import { splitV1Span } from './split-v1-span.ts';
import { ADDRESS_KEYS } from './v1-span.ts';
import type { V1Annotation, V1BinaryAnnotation, V1Span } from './v1-span.ts';
import type { ZipkinEndpoint, ZipkinIds } from './zipkin-span.ts';

const { bool, i16, i32, i64, list, string, struct } = THRIFT_TYPE;

/** The types of a binary annotation's value, by number; numbers in it are big-endian. */
const ANNOTATION_TYPE = {
  bool: 0,
  bytes: 1,
  i16: 2,
  i32: 3,
  i64: 4,
  double: 5,
  string: 6,
} as const;

/** Appends the spans of a Thrift `list<Span>` to `block`; otherwise like `decodeZipkinJson`. */
export function decodeZipkinV1Thrift(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const appender = new ZipkinSpanAppender(block, limits);
  new ListDecoder(bytes, limits, appender).decode();
  return appender.finish();
}

/** A span without its ids, to be filled in. */
type SpanFields = {
  -readonly [Name in Exclude<keyof V1Span, keyof ZipkinIds>]: V1Span[Name];
} & {
  annotations: V1Annotation[];
  binaryAnnotations: V1BinaryAnnotation[];
  changes: string[];
};

class ListDecoder {
  readonly #reader: ThriftBinaryReader;
  readonly #limits: DecodeLimits;
  readonly #appender: ZipkinSpanAppender;
  #spanCount = 0;

  constructor(bytes: Uint8Array, limits: DecodeLimits, appender: ZipkinSpanAppender) {
    this.#reader = new ThriftBinaryReader(bytes, {
      format: 'zipkin v1 thrift',
      path: () => (this.#spanCount === 0 ? '' : `spans[${this.#spanCount - 1}]`),
    });
    this.#limits = limits;
    this.#appender = appender;
  }

  decode(): void {
    const reader = this.#reader;
    const size = reader.readListSize();
    if (size > 0 && reader.elementType !== struct) {
      reader.fail(`expected a list of structs, got elements of type ${reader.elementType}`, 0);
    }
    checkSpanCount(size, this.#limits);
    for (let i = 0; i < size; i++) {
      this.#spanCount++;
      const span = this.#decodeSpan();
      if (span !== undefined) for (const side of splitV1Span(span)) this.#appender.add(side);
    }
  }

  /**
   * Span
   *    1  trace_id            i64
   *    3  name                string
   *    4  id                  i64
   *    5  parent_id           i64
   *    6  annotations         list<Annotation>
   *    8  binary_annotations  list<BinaryAnnotation>
   *    9  debug               bool
   *   10  timestamp           i64, microseconds
   *   11  duration            i64, microseconds
   *   12  trace_id_high       i64
   */
  #decodeSpan(): V1Span | undefined {
    const reader = this.#reader;
    const ids = { high: '', low: '', id: '', parentId: '' };
    const span = createFields();
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, i64)) ids.low = reader.readI64Hex();
      else if (reader.isField(3, string)) span.name = reader.readText();
      else if (reader.isField(4, i64)) ids.id = reader.readI64Hex();
      else if (reader.isField(5, i64)) ids.parentId = reader.readI64Hex();
      else if (reader.isField(6, list)) {
        this.#decodeStructs(() => span.annotations.push(this.#decodeAnnotation(span.changes)));
      } else if (reader.isField(8, list)) {
        this.#decodeStructs(() => {
          span.binaryAnnotations.push(this.#decodeBinaryAnnotation(span.changes));
        });
      } else if (reader.isField(9, bool)) span.debug = reader.readBool();
      else if (reader.isField(10, i64)) span.startNano = reader.readI64() * 1000n;
      else if (reader.isField(11, i64)) span.durationNano = reader.readI64() * 1000n;
      else if (reader.isField(12, i64)) ids.high = reader.readI64Hex();
      else reader.skip();
    }
    const { high, low, id, parentId } = ids;
    const read = readIds(
      { traceId: low === '' ? '' : high + low, id, parentId },
      this.#appender.rejections,
    );
    return read === undefined ? undefined : Object.assign(span, read);
  }

  /** Reads a list of structs; one of anything else is skipped. */
  #decodeStructs(decode: () => void): void {
    const reader = this.#reader;
    const size = reader.readListSize();
    const { elementType } = reader;
    for (let i = 0; i < size; i++) {
      if (elementType === struct) decode();
      else reader.skipValue(elementType);
    }
  }

  /**
   * Annotation
   *   1  timestamp  i64, microseconds
   *   2  value      string
   *   3  host       Endpoint
   */
  #decodeAnnotation(changes: string[]): V1Annotation {
    const reader = this.#reader;
    let timeNano: bigint | undefined;
    let value = '';
    let endpoint: ZipkinEndpoint | undefined;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, i64)) timeNano = reader.readI64() * 1000n;
      else if (reader.isField(2, string)) value = reader.readText();
      else if (reader.isField(3, struct)) endpoint = this.#decodeEndpoint(changes);
      else reader.skip();
    }
    return { timeNano, value, endpoint };
  }

  /**
   * BinaryAnnotation
   *   1  key              string
   *   2  value            binary
   *   3  annotation_type  i32, an AnnotationType
   *   4  host             Endpoint
   */
  #decodeBinaryAnnotation(changes: string[]): V1BinaryAnnotation {
    const reader = this.#reader;
    let key = '';
    let value: Uint8Array = new Uint8Array(0);
    let type: number = ANNOTATION_TYPE.string;
    let endpoint: ZipkinEndpoint | undefined;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, string)) key = reader.readText();
      else if (reader.isField(2, string)) value = reader.readBytes();
      else if (reader.isField(3, i32)) type = reader.readI32();
      else if (reader.isField(4, struct)) endpoint = this.#decodeEndpoint(changes);
      else reader.skip();
    }
    const isAddress = type === ANNOTATION_TYPE.bool && ADDRESS_KEYS.has(key);
    return { key, value: isAddress ? undefined : toValue(value, type), endpoint };
  }

  /**
   * Endpoint
   *   1  ipv4          i32, the address' four bytes
   *   2  port          i16, without a sign
   *   3  service_name  string
   *   4  ipv6          binary, 16 bytes
   */
  #decodeEndpoint(changes: string[]): ZipkinEndpoint {
    const reader = this.#reader;
    let serviceName = '';
    let ip: string | undefined = '';
    let ipv6: Uint8Array = new Uint8Array(0);
    let port = 0;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, i32)) ip = formatIpv4(reader.readI32());
      else if (reader.isField(2, i16)) port = reader.readI16() & 0xffff;
      else if (reader.isField(3, string)) serviceName = reader.readText();
      else if (reader.isField(4, string)) ipv6 = reader.readBytes();
      else reader.skip();
    }
    if (ipv6.length === 16) ip = formatIp(ipv6);
    else if (ipv6.length > 0) changes.push(`ip address of ${ipv6.length} bytes: left out`);
    return { serviceName, ip: ip ?? '', port };
  }
}

function createFields(): SpanFields {
  return {
    name: '',
    startNano: undefined,
    durationNano: undefined,
    annotations: [],
    binaryAnnotations: [],
    droppedTagsCount: 0,
    droppedAnnotationsCount: 0,
    debug: false,
    changes: [],
  };
}

/** 0.0.0.0 stands for an address that is not known. */
function formatIpv4(address: number): string {
  if (address === 0) return '';
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** A value that is too short for its type, or of a type that does not exist, is shown as the bytes it is. */
function toValue(bytes: Uint8Array, type: number): AttributeValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case ANNOTATION_TYPE.string:
      return { type: 'string', value: decodeText(bytes) };
    case ANNOTATION_TYPE.bool:
      return { type: 'bool', value: bytes.length > 0 && bytes[0] !== 0 };
    case ANNOTATION_TYPE.i16:
      if (bytes.length >= 2) return { type: 'int', value: BigInt(view.getInt16(0)) };
      break;
    case ANNOTATION_TYPE.i32:
      if (bytes.length >= 4) return { type: 'int', value: BigInt(view.getInt32(0)) };
      break;
    case ANNOTATION_TYPE.i64:
      if (bytes.length >= 8) return { type: 'int', value: view.getBigInt64(0) };
      break;
    case ANNOTATION_TYPE.double:
      if (bytes.length >= 8) return { type: 'double', value: view.getFloat64(0) };
      break;
    default:
  }
  return { type: 'string', value: formatBase64(bytes) };
}

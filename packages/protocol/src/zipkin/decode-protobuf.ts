/**
 * Zipkin's second version in protobuf.
 *
 * https://github.com/openzipkin/zipkin-api/blob/master/zipkin.proto
 */
import { formatHex } from '@clew/model';
import type { Attribute, SpanBlock, SpanKind } from '@clew/model';
import { DEFAULT_DECODE_LIMITS, checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import { quote } from '../otlp/rejections.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { WireReader } from '../wire/reader.ts';
import { decodeText } from '../wire/text.ts';
import { ZipkinSpanAppender } from './append-spans.ts';
import { readIds } from './ids.ts';
import { formatIp } from './ip.ts';
import type { ZipkinAnnotation, ZipkinEndpoint, ZipkinIds, ZipkinSpan } from './zipkin-span.ts';

/** In the order of their numbers. */
const KINDS: readonly SpanKind[] = ['unspecified', 'client', 'server', 'producer', 'consumer'];

/**
 * Appends the spans of a `zipkin.proto3.ListOfSpans` to `block`; otherwise like `decodeZipkinJson`.
 */
export function decodeZipkinProtobuf(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const appender = new ZipkinSpanAppender(block, limits);
  new ListDecoder(bytes, limits, appender).decode();
  return appender.finish();
}

const NO_BYTES = new Uint8Array(0);

interface SentIdBytes {
  traceId: Uint8Array;
  id: Uint8Array;
  parentId: Uint8Array;
}

/** A span without its ids, to be filled in. */
type SpanFields = Omit<
  Writable<ZipkinSpan>,
  keyof ZipkinIds | 'annotations' | 'tags' | 'changes'
> & {
  readonly annotations: ZipkinAnnotation[];
  readonly tags: Attribute[];
  readonly changes: string[];
};

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

function createFields(): SpanFields {
  return {
    name: '',
    kind: 'unspecified',
    startNano: undefined,
    durationNano: undefined,
    localEndpoint: undefined,
    remoteEndpoint: undefined,
    annotations: [],
    tags: [],
    droppedTagsCount: 0,
    droppedAnnotationsCount: 0,
    debug: false,
    shared: false,
    changes: [],
  };
}

class ListDecoder {
  readonly #reader: WireReader;
  readonly #limits: DecodeLimits;
  readonly #appender: ZipkinSpanAppender;
  #spanCount = 0;

  constructor(bytes: Uint8Array, limits: DecodeLimits, appender: ZipkinSpanAppender) {
    this.#reader = new WireReader(bytes, {
      format: 'zipkin v2 protobuf',
      path: () => (this.#spanCount === 0 ? '' : `spans[${this.#spanCount - 1}]`),
    });
    this.#limits = limits;
    this.#appender = appender;
  }

  /**
   * ListOfSpans
   *   1  spans  Span  length-delimited, repeated
   */
  decode(): void {
    const reader = this.#reader;
    const end = reader.bytes.length;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag !== 0x0a) {
        reader.skipUnknown(tag, end, 1);
        continue;
      }
      checkSpanCount(++this.#spanCount, this.#limits);
      const span = this.#decodeSpan(reader.readEnd(end));
      if (span !== undefined) this.#appender.add(span);
    }
  }

  /**
   * Span
   *    1  trace_id         bytes                length-delimited, 8 or 16
   *    2  parent_id        bytes                length-delimited, 8
   *    3  id               bytes                length-delimited, 8
   *    4  kind             Kind                 varint
   *    5  name             string               length-delimited
   *    6  timestamp        fixed64              fixed64, microseconds
   *    7  duration         uint64               varint, microseconds
   *    8  local_endpoint   Endpoint             length-delimited
   *    9  remote_endpoint  Endpoint             length-delimited
   *   10  annotations      Annotation           length-delimited, repeated
   *   11  tags             map<string, string>  length-delimited, repeated
   *   12  debug            bool                 varint
   *   13  shared           bool                 varint
   *
   * Defaults are the same as fields that are left out: 0 is no moment and no duration.
   */
  #decodeSpan(end: number): ZipkinSpan | undefined {
    const reader = this.#reader;
    const ids: SentIdBytes = { traceId: NO_BYTES, id: NO_BYTES, parentId: NO_BYTES };
    const span = createFields();
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          ids.traceId = this.#readBytes(end);
          break;
        case 0x12:
          ids.parentId = this.#readBytes(end);
          break;
        case 0x1a:
          ids.id = this.#readBytes(end);
          break;
        case 0x20:
          span.kind = this.#readKind(end, span.changes);
          break;
        case 0x2a:
          span.name = decodeText(this.#readBytes(end));
          break;
        case 0x31:
          span.startNano = this.#readFixedMicros(end);
          break;
        case 0x38:
          reader.readVarint(end);
          span.durationNano = this.#readMicros();
          break;
        case 0x42:
          span.localEndpoint = this.#decodeEndpoint(reader.readEnd(end), span.changes);
          break;
        case 0x4a:
          span.remoteEndpoint = this.#decodeEndpoint(reader.readEnd(end), span.changes);
          break;
        case 0x52:
          span.annotations.push(this.#decodeAnnotation(reader.readEnd(end)));
          break;
        case 0x5a:
          this.#decodeTag(reader.readEnd(end), span.tags);
          break;
        case 0x60:
          span.debug = this.#readBool(end);
          break;
        case 0x68:
          span.shared = this.#readBool(end);
          break;
        default:
          reader.skipUnknown(tag, end, 13);
      }
    }
    const read = this.#readIds(ids);
    return read === undefined ? undefined : Object.assign(span, read);
  }

  #readIds({ traceId, id, parentId }: SentIdBytes): ZipkinIds | undefined {
    if (
      this.#hasLength('trace id', traceId, [8, 16]) &&
      this.#hasLength('span id', id, [8]) &&
      this.#hasLength('parent span id', parentId, [0, 8])
    ) {
      const sent = {
        traceId: formatHex(traceId),
        id: formatHex(id),
        parentId: formatHex(parentId),
      };
      return readIds(sent, this.#appender.rejections);
    }
    return undefined;
  }

  #hasLength(what: string, bytes: Uint8Array, lengths: readonly number[]): boolean {
    if (lengths.includes(bytes.length)) return true;
    this.#appender.rejections.add(() => {
      if (bytes.length === 0) return `${what} is missing`;
      const digits = formatHex(bytes, 0, Math.min(bytes.length, 100));
      return `${what} has ${bytes.length} bytes instead of ${lengths.join(' or ')}: ${quote(digits)}`;
    });
    return false;
  }

  /**
   * Endpoint
   *   1  service_name  string  length-delimited
   *   2  ipv4          bytes   length-delimited, 4
   *   3  ipv6          bytes   length-delimited, 16
   *   4  port          int32   varint
   */
  #decodeEndpoint(end: number, changes: string[]): ZipkinEndpoint {
    const reader = this.#reader;
    let serviceName = '';
    let ipv4 = NO_BYTES;
    let ipv6 = NO_BYTES;
    let port = 0;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          serviceName = decodeText(this.#readBytes(end));
          break;
        case 0x12:
          ipv4 = this.#readBytes(end);
          break;
        case 0x1a:
          ipv6 = this.#readBytes(end);
          break;
        case 0x20:
          reader.readVarint(end);
          port = reader.low;
          break;
        default:
          reader.skipUnknown(tag, end, 4);
      }
    }
    const address = ipv6.length > 0 ? ipv6 : ipv4;
    const ip = address.length > 0 ? formatIp(address) : '';
    if (ip === undefined) changes.push(`ip address of ${address.length} bytes: left out`);
    const isPort = port >= 0 && port <= 65_535;
    if (!isPort) changes.push(`port ${port} does not exist: left out`);
    return { serviceName, ip: ip ?? '', port: isPort ? port : 0 };
  }

  /**
   * Annotation
   *   1  timestamp  fixed64  fixed64, microseconds
   *   2  value      string   length-delimited
   */
  #decodeAnnotation(end: number): ZipkinAnnotation {
    const reader = this.#reader;
    let timeNano: bigint | undefined;
    let value = '';
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x09) timeNano = this.#readFixedMicros(end);
      else if (tag === 0x12) value = decodeText(this.#readBytes(end));
      else reader.skipUnknown(tag, end, 2);
    }
    return { timeNano, value };
  }

  /**
   * An entry of a map
   *   1  key    string  length-delimited
   *   2  value  string  length-delimited
   */
  #decodeTag(end: number, tags: Attribute[]): void {
    const reader = this.#reader;
    let key = '';
    let value = '';
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) key = decodeText(this.#readBytes(end));
      else if (tag === 0x12) value = decodeText(this.#readBytes(end));
      else reader.skipUnknown(tag, end, 2);
    }
    tags.push({ key, value: { type: 'string', value } });
  }

  /** A view of the bytes that a length stands in front of. */
  #readBytes(end: number): Uint8Array<ArrayBuffer> {
    const reader = this.#reader;
    const bytesEnd = reader.readEnd(end);
    const bytes = reader.bytes.subarray(reader.position, bytesEnd) as Uint8Array<ArrayBuffer>;
    reader.position = bytesEnd;
    return bytes;
  }

  #readKind(end: number, changes: string[]): SpanKind {
    this.#reader.readVarint(end);
    const kind = KINDS[this.#reader.low];
    if (kind === undefined) changes.push('kind is not known: left out');
    return kind ?? 'unspecified';
  }

  #readBool(end: number): boolean {
    this.#reader.readVarint(end);
    return (this.#reader.low | this.#reader.high) !== 0;
  }

  #readFixedMicros(end: number): bigint | undefined {
    this.#reader.readFixed64(end);
    return this.#readMicros();
  }

  /** The last number as nanoseconds; 0 stands for none. */
  #readMicros(): bigint | undefined {
    const { low, high } = this.#reader;
    if ((low | high) === 0) return undefined;
    return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) * 1000n;
  }
}

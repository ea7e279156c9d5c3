/**
 * Jaeger's thrift: a `Batch` as clients post it, and the agent's `emitBatch` message as they send it in datagrams. One
 * decoder reads both protocols of thrift. Tables give field number, name and type, as in
 * https://github.com/jaegertracing/jaeger-idl/blob/main/thrift/jaeger.thrift
 */
import { shorten } from '@clew/model';
import type { Attribute, Span, SpanBlock } from '@clew/model';
import { appendSpans } from '../otlp/from-model.ts';
import { DEFAULT_DECODE_LIMITS, checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { ThriftBinaryReader } from '../wire/thrift-binary.ts';
import { ThriftCompactReader } from '../wire/thrift-compact.ts';
import { THRIFT_TYPE } from '../wire/thrift-reader.ts';
import type { ThriftReader } from '../wire/thrift-reader.ts';
import type { JaegerLog, JaegerProcess, JaegerReference, JaegerSpan } from './message.ts';
import { TagBuilder } from './tag-builder.ts';
import type { JaegerTagType } from './tag-builder.ts';
import { JaegerMapper } from './to-model.ts';

/** Thrift's protocols that Jaeger's agent listens for. */
export type JaegerAgentEncoding = 'compact' | 'binary';

/**
 * Decodes a `Batch` in the binary protocol, the body of `POST /api/traces`. Throws `DecodeError` when the bytes are
 * malformed and `LimitError` when there are too many spans; `block` is then as it was.
 */
export function decodeJaegerThrift(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const decoder = new ThriftDecoder(bytes, 'binary', { format: 'jaeger thrift', limits });
  return appendSpans(block, decoder.decodeBatch(), limits);
}

/**
 * Decodes a datagram to Jaeger's agent: the message `emitBatch`. Otherwise like `decodeJaegerThrift`.
 */
export function decodeJaegerAgentMessage(
  bytes: Uint8Array,
  block: SpanBlock,
  options: { readonly encoding: JaegerAgentEncoding; readonly limits?: DecodeLimits | undefined },
): RejectedSpans {
  const { encoding, limits = DEFAULT_DECODE_LIMITS } = options;
  const format = `jaeger agent ${encoding} thrift`;
  const decoder = new ThriftDecoder(bytes, encoding, { format, limits });
  return appendSpans(block, decoder.decodeMessage(), limits);
}

const { byte, bool, double, i32, i64, list, string, struct } = THRIFT_TYPE;

const METHOD = 'emitBatch';

/** Types of tags by their numbers in thrift. */
const TAG_TYPES: readonly JaegerTagType[] = ['string', 'double', 'bool', 'int', 'bytes'];

const ZERO = '0000000000000000';
const NANOS_PER_MICRO = 1000n;

class ThriftDecoder {
  readonly #reader: ThriftReader;
  readonly #limits: DecodeLimits;
  readonly #tag: TagBuilder;
  /** Where in the batch the reader is, for errors. */
  #place = '';
  #spanIndex = -1;
  // What could not be kept of the list that was read last.
  #droppedTagsCount = 0;
  #droppedLogsCount = 0;
  #droppedReferencesCount = 0;

  constructor(
    bytes: Uint8Array,
    encoding: JaegerAgentEncoding,
    { format, limits }: { readonly format: string; readonly limits: DecodeLimits },
  ) {
    const context = { format, path: () => this.#path() };
    this.#reader =
      encoding === 'compact'
        ? new ThriftCompactReader(bytes, context)
        : new ThriftBinaryReader(bytes, context);
    this.#limits = limits;
    this.#tag = new TagBuilder(bytes);
  }

  /**
   * Agent.emitBatch
   *   1  batch  Batch
   */
  decodeMessage(): Span[] {
    const reader = this.#reader;
    const { name } = reader.readMessage();
    if (name !== METHOD) reader.fail(`method "${shorten(name)}" is not ${METHOD}`, 0);
    const spans: Span[] = [];
    reader.beginStruct();
    while (reader.readField()) {
      if (!reader.isField(1, struct)) reader.skip();
      else for (const span of this.decodeBatch()) spans.push(span);
    }
    return spans;
  }

  /**
   * Batch
   *   1  process  Process, required
   *   2  spans    list<Span>
   *   3  seqNo    i64
   *   4  stats    ClientStats
   */
  decodeBatch(): Span[] {
    const reader = this.#reader;
    let process: JaegerProcess | undefined;
    const spans: JaegerSpan[] = [];
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, struct)) process = this.#readProcess();
      else if (reader.isField(2, list)) this.#readSpans(spans);
      else reader.skip();
    }
    if (process === undefined) {
      this.#place = 'batch';
      return reader.fail('required field process is missing');
    }
    const mapper = new JaegerMapper();
    return spans.map((span) => mapper.toModel(span, process));
  }

  #readSpans(spans: JaegerSpan[]): void {
    const reader = this.#reader;
    const size = reader.readListSize();
    if (reader.elementType !== struct && size > 0) reader.fail('spans are not structs');
    checkSpanCount(spans.length + size, this.#limits);
    for (let i = 0; i < size; i++) {
      this.#spanIndex++;
      spans.push(this.#readSpan());
    }
    this.#spanIndex = -1;
  }

  /**
   * Process
   *   1  serviceName  string
   *   2  tags         list<Tag>
   */
  #readProcess(): JaegerProcess {
    const reader = this.#reader;
    this.#place = 'process';
    let serviceName = '';
    let tags: readonly Attribute[] = [];
    this.#droppedTagsCount = 0;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, string)) {
        serviceName = this.#tag.readName(reader.readBytesStart(), reader.position, 'service name');
      } else if (reader.isField(2, list)) tags = this.#readTags();
      else reader.skip();
    }
    this.#place = '';
    return {
      serviceName,
      tags: [...tags, ...this.#tag.takeProcessChanges()],
      droppedTagsCount: this.#droppedTagsCount,
    };
  }

  /**
   * Span
   *    1  traceIdLow     i64
   *    2  traceIdHigh    i64
   *    3  spanId         i64
   *    4  parentSpanId   i64
   *    5  operationName  string
   *    6  references     list<SpanRef>
   *    7  flags          i32
   *    8  startTime      i64, microseconds since 1970
   *    9  duration       i64, microseconds
   *   10  tags           list<Tag>
   *   11  logs           list<Log>
   */
  #readSpan(): JaegerSpan {
    const reader = this.#reader;
    let traceIdLow = ZERO;
    let traceIdHigh = ZERO;
    let spanId = ZERO;
    let parentSpanId = ZERO;
    let operationName = '';
    let references: JaegerReference[] = [];
    let droppedReferencesCount = 0;
    let flags = 0;
    let startMicros = 0n;
    let durationMicros = 0n;
    let tags: readonly Attribute[] = [];
    let droppedTagsCount = 0;
    let logs: JaegerLog[] = [];
    let droppedLogsCount = 0;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, i64)) traceIdLow = reader.readI64Hex();
      else if (reader.isField(2, i64)) traceIdHigh = reader.readI64Hex();
      else if (reader.isField(3, i64)) spanId = reader.readI64Hex();
      else if (reader.isField(4, i64)) parentSpanId = reader.readI64Hex();
      else if (reader.isField(5, string)) {
        operationName = this.#tag.readName(reader.readBytesStart(), reader.position, 'span name');
      } else if (reader.isField(6, list)) {
        references = this.#readReferences();
        droppedReferencesCount = this.#droppedReferencesCount;
      } else if (reader.isField(7, i32)) flags = reader.readI32();
      else if (reader.isField(8, i64)) startMicros = reader.readI64();
      else if (reader.isField(9, i64)) durationMicros = reader.readI64();
      else if (reader.isField(10, list)) {
        tags = this.#readTags();
        droppedTagsCount = this.#droppedTagsCount;
      } else if (reader.isField(11, list)) {
        logs = this.#readLogs();
        droppedLogsCount = this.#droppedLogsCount;
      } else reader.skip();
    }
    const kept = this.#tag.takeKeptBytes();
    return {
      traceId: traceIdHigh + traceIdLow,
      spanId,
      parentSpanId,
      operationName,
      references,
      droppedReferencesCount,
      flags,
      startNanos: startMicros * NANOS_PER_MICRO,
      durationNanos: durationMicros * NANOS_PER_MICRO,
      tags: kept.length === 0 ? tags : [...tags, ...kept],
      droppedTagsCount,
      logs,
      droppedLogsCount,
      changes: this.#tag.takeChanges(),
    };
  }

  #readTags(): Attribute[] {
    const reader = this.#reader;
    const size = reader.readListSize();
    const { elementType } = reader;
    const tags: Attribute[] = [];
    this.#droppedTagsCount = 0;
    for (let i = 0; i < size; i++) {
      if (elementType === struct && tags.length < this.#limits.maxAttributes) {
        tags.push(this.#readTag());
      } else {
        reader.skipValue(elementType);
        this.#droppedTagsCount++;
      }
    }
    return tags;
  }

  /**
   * Tag
   *   1  key      string
   *   2  vType    TagType
   *   3  vStr     string
   *   4  vDouble  double
   *   5  vBool    bool
   *   6  vLong    i64
   *   7  vBinary  binary
   */
  #readTag(): Attribute {
    const reader = this.#reader;
    const tag = this.#tag;
    tag.begin();
    let hasKey = false;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, string)) {
        tag.keyStart = reader.readBytesStart();
        tag.keyEnd = reader.position;
        hasKey = true;
      } else if (reader.isField(2, i32)) {
        tag.typeNumber = reader.readI32();
        tag.type = TAG_TYPES[tag.typeNumber] ?? 'unknown';
      } else if (reader.isField(3, string)) {
        tag.textStart = reader.readBytesStart();
        tag.textEnd = reader.position;
      } else if (reader.isField(4, double)) tag.double = reader.readDouble();
      else if (reader.isField(5, bool)) tag.bool = reader.readBool();
      // Written as a byte by generators that know no booleans.
      else if (reader.isField(5, byte)) tag.bool = reader.readByte() !== 0;
      else if (reader.isField(6, i64)) tag.int = reader.readI64();
      else if (reader.isField(7, string)) {
        tag.bytesStart = reader.readBytesStart();
        tag.bytesEnd = reader.position;
      } else reader.skip();
    }
    // Without it a tag would take one byte, and a few megabytes would be millions of them.
    if (!hasKey) reader.fail('a tag has no key');
    return tag.end();
  }

  #readLogs(): JaegerLog[] {
    const reader = this.#reader;
    const size = reader.readListSize();
    if (reader.elementType !== struct && size > 0) reader.fail('logs are not structs');
    const logs: JaegerLog[] = [];
    const count = Math.min(size, this.#limits.maxEvents);
    for (let i = 0; i < count; i++) logs.push(this.#readLog());
    for (let i = count; i < size; i++) reader.skipValue(struct);
    this.#droppedLogsCount = size - count;
    return logs;
  }

  /**
   * Log
   *   1  timestamp  i64, microseconds since 1970
   *   2  fields     list<Tag>
   */
  #readLog(): JaegerLog {
    const reader = this.#reader;
    let timeMicros: bigint | undefined;
    let fields: readonly Attribute[] = [];
    let droppedFieldsCount = 0;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, i64)) timeMicros = reader.readI64();
      else if (reader.isField(2, list)) {
        fields = this.#readTags();
        droppedFieldsCount = this.#droppedTagsCount;
      } else reader.skip();
    }
    if (timeMicros === undefined) return reader.fail('a log has no timestamp');
    return { timeNanos: timeMicros * NANOS_PER_MICRO, fields, droppedFieldsCount };
  }

  #readReferences(): JaegerReference[] {
    const reader = this.#reader;
    const size = reader.readListSize();
    if (reader.elementType !== struct && size > 0) reader.fail('references are not structs');
    const references: JaegerReference[] = [];
    const count = Math.min(size, this.#limits.maxLinks);
    for (let i = 0; i < count; i++) references.push(this.#readReference());
    for (let i = count; i < size; i++) reader.skipValue(struct);
    this.#droppedReferencesCount = size - count;
    return references;
  }

  /**
   * SpanRef
   *   1  refType      SpanRefType: 0 child of, 1 follows from
   *   2  traceIdLow   i64
   *   3  traceIdHigh  i64
   *   4  spanId       i64
   */
  #readReference(): JaegerReference {
    const reader = this.#reader;
    let isChild = true;
    let traceIdLow = ZERO;
    let traceIdHigh = ZERO;
    let spanId: string | undefined;
    reader.beginStruct();
    while (reader.readField()) {
      if (reader.isField(1, i32)) isChild = reader.readI32() === 0;
      else if (reader.isField(2, i64)) traceIdLow = reader.readI64Hex();
      else if (reader.isField(3, i64)) traceIdHigh = reader.readI64Hex();
      else if (reader.isField(4, i64)) spanId = reader.readI64Hex();
      else reader.skip();
    }
    if (spanId === undefined) return reader.fail('a reference has no span id');
    const type = isChild ? 'child_of' : 'follows_from';
    return { type, traceId: traceIdHigh + traceIdLow, spanId };
  }

  #path(): string {
    return this.#spanIndex < 0 ? this.#place : `spans[${this.#spanIndex}]`;
  }
}

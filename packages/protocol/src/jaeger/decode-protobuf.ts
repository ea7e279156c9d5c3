/**
 * Jaeger's protobuf, `jaeger.api_v2`: what its collector is sent over gRPC. Tables give field number, name and type, as
 * in https://github.com/jaegertracing/jaeger-idl/tree/main/proto/api_v2 (collector.proto and model.proto).
 */
import { formatHex } from '@clew/model';
import type { Attribute, Span, SpanBlock } from '@clew/model';
import { appendSpans } from '../otlp/from-model.ts';
import { DEFAULT_DECODE_LIMITS, checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { WireReader } from '../wire/reader.ts';
import { NO_PROCESS } from './message.ts';
import type { JaegerLog, JaegerProcess, JaegerReference, JaegerSpan } from './message.ts';
import { TagBuilder } from './tag-builder.ts';
import type { JaegerTagType } from './tag-builder.ts';
import { JaegerMapper } from './to-model.ts';

/**
 * Decodes a `PostSpansRequest`. Throws `DecodeError` when the bytes are malformed and `LimitError` when there are too
 * many spans; `block` is then as it was.
 */
export function decodeJaegerPostSpans(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  return appendSpans(block, new PostSpansDecoder(bytes, limits).decode(), limits);
}

/** Types of tags by their numbers in protobuf. */
const TAG_TYPES: readonly JaegerTagType[] = ['string', 'bool', 'int', 'double', 'bytes'];

const NANOS_PER_SECOND = 1_000_000_000n;

/** Bytes as text, one character each: as good a key of a map as any. */
const byteText = new TextDecoder('latin1');

interface ReadSpan {
  readonly span: JaegerSpan;
  /** The span's own; that of the batch when absent. */
  readonly process: JaegerProcess | undefined;
}

/** A span while it is read. */
type MutableSpan = Mutable<JaegerSpan> & {
  readonly references: JaegerReference[];
  readonly tags: Attribute[];
  readonly logs: JaegerLog[];
};

type Mutable<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] };

class PostSpansDecoder {
  readonly #reader: WireReader;
  readonly #limits: DecodeLimits;
  readonly #tag: TagBuilder;
  readonly #mapper = new JaegerMapper();
  /** Spans may each bring the process they all have. */
  readonly #processes = new Map<string, JaegerProcess>();
  #spanCount = 0;
  #isInSpan = false;

  constructor(bytes: Uint8Array, limits: DecodeLimits) {
    const path = (): string => (this.#isInSpan ? `batch.spans[${this.#spanCount - 1}]` : 'batch');
    this.#reader = new WireReader(bytes, { format: 'jaeger protobuf', path });
    this.#limits = limits;
    this.#tag = new TagBuilder(this.#reader.bytes);
  }

  /**
   * PostSpansRequest
   *   1  batch  Batch
   */
  decode(): Span[] {
    const reader = this.#reader;
    const end = reader.bytes.length;
    const spans: Span[] = [];
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) this.#readBatch(reader.readEnd(end), spans);
      else reader.skipUnknown(tag, end, 1);
    }
    return spans;
  }

  /**
   * Batch
   *   1  spans    Span, repeated
   *   2  process  Process
   */
  #readBatch(end: number, spans: Span[]): void {
    const reader = this.#reader;
    const read: ReadSpan[] = [];
    let batchProcess = NO_PROCESS;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) read.push(this.#readSpan(reader.readEnd(end)));
      else if (tag === 0x12) batchProcess = this.#readProcess(reader.readEnd(end));
      else reader.skipUnknown(tag, end, 2);
    }
    for (const { span, process = batchProcess } of read) {
      spans.push(this.#mapper.toModel(span, process));
    }
  }

  /**
   * Process
   *   1  service_name  string
   *   2  tags          KeyValue, repeated
   */
  #readProcess(end: number): JaegerProcess {
    const reader = this.#reader;
    const key = byteText.decode(reader.bytes.subarray(reader.position, end));
    const known = this.#processes.get(key);
    if (known !== undefined) {
      reader.position = end;
      return known;
    }
    // A builder of its own: what it changes belongs to the process, not to the span around it.
    const tag = new TagBuilder(reader.bytes);
    const tags: Attribute[] = [];
    let serviceName = '';
    let droppedTagsCount = 0;
    while (reader.position < end) {
      const field = reader.readTag(end);
      if (field === 0x0a) {
        serviceName = tag.readName(this.#readBytesStart(end), reader.position, 'service name');
      } else if (field !== 0x12) reader.skipUnknown(field, end, 2);
      else if (!this.#readTag(end, tag, tags)) droppedTagsCount++;
    }
    for (const change of tag.takeProcessChanges()) tags.push(change);
    const process = { serviceName, tags, droppedTagsCount };
    this.#processes.set(key, process);
    return process;
  }

  /**
   * Span
   *    1  trace_id        bytes
   *    2  span_id         bytes
   *    3  operation_name  string
   *    4  references      SpanRef, repeated
   *    5  flags           uint32
   *    6  start_time      google.protobuf.Timestamp
   *    7  duration        google.protobuf.Duration
   *    8  tags            KeyValue, repeated
   *    9  logs            Log, repeated
   *   10  process         Process
   *   11  process_id      string
   *   12  warnings        string, repeated
   */
  #readSpan(end: number): ReadSpan {
    const reader = this.#reader;
    checkSpanCount(++this.#spanCount, this.#limits);
    this.#isInSpan = true;
    const span = createSpan();
    let process: JaegerProcess | undefined;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x52) process = this.#readProcess(reader.readEnd(end));
      else this.#readField(tag, end, span);
    }
    this.#isInSpan = false;
    for (const kept of this.#tag.takeKeptBytes()) span.tags.push(kept);
    span.changes = this.#tag.takeChanges();
    return { span, process };
  }

  #readField(tag: number, end: number, span: MutableSpan): void {
    const reader = this.#reader;
    switch (tag) {
      case 0x0a:
        span.traceId = this.#readTraceId(end);
        break;
      case 0x12:
        span.spanId = this.#readHex(end);
        break;
      case 0x1a: {
        const start = this.#readBytesStart(end);
        span.operationName = this.#tag.readName(start, reader.position, 'span name');
        break;
      }
      case 0x28:
        reader.readVarint(end);
        span.flags = reader.low >>> 0;
        break;
      case 0x32:
        span.startNanos = this.#readNanos(reader.readEnd(end));
        break;
      case 0x3a:
        span.durationNanos = this.#readNanos(reader.readEnd(end));
        break;
      case 0x42:
        if (!this.#readTag(end, this.#tag, span.tags)) span.droppedTagsCount++;
        break;
      default:
        this.#readRareField(tag, end, span);
    }
  }

  #readRareField(tag: number, end: number, span: MutableSpan): void {
    const reader = this.#reader;
    switch (tag) {
      case 0x22: {
        const reference = this.#readReference(reader.readEnd(end));
        if (span.references.length < this.#limits.maxLinks) span.references.push(reference);
        else span.droppedReferencesCount++;
        break;
      }
      case 0x4a: {
        const log = this.#readLog(reader.readEnd(end));
        if (log !== undefined && span.logs.length < this.#limits.maxEvents) span.logs.push(log);
        else span.droppedLogsCount++;
        break;
      }
      case 0x5a:
      case 0x62:
        reader.skip(tag, end);
        break;
      default:
        reader.skipUnknown(tag, end, 12);
    }
  }

  /**
   * Reads a tag with its length in front into `tags`; `false` when there are too many already.
   *
   * KeyValue
   *   1  key        string
   *   2  v_type     ValueType
   *   3  v_str      string
   *   4  v_bool     bool
   *   5  v_int64    int64
   *   6  v_float64  double
   *   7  v_binary   bytes
   */
  #readTag(outerEnd: number, builder: TagBuilder, tags: Attribute[]): boolean {
    const reader = this.#reader;
    const end = reader.readEnd(outerEnd);
    builder.begin();
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          builder.keyStart = this.#readBytesStart(end);
          builder.keyEnd = reader.position;
          break;
        case 0x10:
          reader.readVarint(end);
          builder.typeNumber = reader.low;
          builder.type = TAG_TYPES[reader.low] ?? 'unknown';
          break;
        case 0x1a:
          builder.textStart = this.#readBytesStart(end);
          builder.textEnd = reader.position;
          break;
        case 0x20:
          reader.readVarint(end);
          builder.bool = (reader.low | reader.high) !== 0;
          break;
        case 0x28:
          builder.int = this.#readInt64(end);
          break;
        case 0x31:
          reader.readFixed64(end);
          builder.double = reader.view.getFloat64(reader.position - 8, true);
          break;
        case 0x3a:
          builder.bytesStart = this.#readBytesStart(end);
          builder.bytesEnd = reader.position;
          break;
        default:
          reader.skipUnknown(tag, end, 7);
      }
    }
    if (tags.length >= this.#limits.maxAttributes) return false;
    tags.push(builder.end());
    return true;
  }

  /**
   * `undefined` for a log without a time and without fields: it says nothing, and millions of them fit in a request.
   *
   * Log
   *   1  timestamp  google.protobuf.Timestamp
   *   2  fields     KeyValue, repeated
   */
  #readLog(end: number): JaegerLog | undefined {
    const reader = this.#reader;
    let timeNanos = 0n;
    const fields: Attribute[] = [];
    let droppedFieldsCount = 0;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) timeNanos = this.#readNanos(reader.readEnd(end));
      else if (tag !== 0x12) reader.skipUnknown(tag, end, 2);
      else if (!this.#readTag(end, this.#tag, fields)) droppedFieldsCount++;
    }
    if (timeNanos === 0n && fields.length === 0) return undefined;
    return { timeNanos, fields, droppedFieldsCount };
  }

  /**
   * SpanRef
   *   1  trace_id  bytes
   *   2  span_id   bytes
   *   3  ref_type  SpanRefType: 0 child of, 1 follows from
   */
  #readReference(end: number): JaegerReference {
    const reader = this.#reader;
    let traceId = '';
    let spanId = '';
    let isChild = true;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) traceId = this.#readTraceId(end);
      else if (tag === 0x12) spanId = this.#readHex(end);
      else if (tag === 0x18) {
        reader.readVarint(end);
        isChild = reader.low === 0;
      } else reader.skipUnknown(tag, end, 3);
    }
    return { type: isChild ? 'child_of' : 'follows_from', traceId, spanId };
  }

  /**
   * Timestamp, Duration
   *   1  seconds  int64
   *   2  nanos    int32
   */
  #readNanos(end: number): bigint {
    const reader = this.#reader;
    let seconds = 0n;
    let nanos = 0;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x08) seconds = this.#readInt64(end);
      else if (tag === 0x10) {
        reader.readVarint(end);
        nanos = reader.low;
      } else reader.skipUnknown(tag, end, 2);
    }
    return seconds * NANOS_PER_SECOND + BigInt(nanos);
  }

  /** Ids of 64 bits, from old senders, are the lower half of one of 128. */
  #readTraceId(end: number): string {
    const digits = this.#readHex(end);
    return digits.length === 16 ? digits.padStart(32, '0') : digits;
  }

  #readInt64(end: number): bigint {
    const reader = this.#reader;
    reader.readVarint(end);
    return (BigInt(reader.high) << 32n) | BigInt(reader.low >>> 0);
  }

  #readHex(end: number): string {
    const start = this.#readBytesStart(end);
    return formatHex(this.#reader.bytes, start, this.#reader.position);
  }

  /** Moves past bytes with their length in front, and gives the place where they begin. */
  #readBytesStart(end: number): number {
    const reader = this.#reader;
    const bytesEnd = reader.readEnd(end);
    const start = reader.position;
    reader.position = bytesEnd;
    return start;
  }
}

function createSpan(): MutableSpan {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    operationName: '',
    references: [],
    droppedReferencesCount: 0,
    flags: 0,
    startNanos: 0n,
    durationNanos: 0n,
    tags: [],
    droppedTagsCount: 0,
    logs: [],
    droppedLogsCount: 0,
    changes: [],
  };
}

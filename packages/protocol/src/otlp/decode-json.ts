/**
 * OTLP/JSON: ProtoJSON, except that ids are hexadecimal and enums are numbers. It is rewritten as protobuf and decoded
 * as that, so that there is one set of rules for what a span may be; its senders are browsers and scripts, for which
 * the detour costs little beside parsing the JSON.
 *
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import { SPAN_KINDS, SPAN_STATUSES, shorten } from '@clew/model';
import type { AttributeValue, SpanBlock } from '@clew/model';
import { parseBase64 } from '../wire/base64.ts';
import { MAX_NESTING } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';
import { SANITIZED } from './change-log.ts';
import { decodeTracesInto } from './decode.ts';
import { writeAttributes } from './encode-attributes.ts';
import { writeCount, writeText } from './encode-messages.ts';
import { JsonReader } from './json-reader.ts';
import type { JsonObject } from './json-reader.ts';
import { DEFAULT_DECODE_LIMITS, checkSpanCount } from './limits.ts';
import type { DecodeLimits } from './limits.ts';
import { RejectionLog, quote } from './rejections.ts';
import type { RejectedSpans } from './rejections.ts';

const KIND_NAMES = SPAN_KINDS.map((kind) => `SPAN_KIND_${kind.toUpperCase()}`);
const STATUS_NAMES = SPAN_STATUSES.map((status) => `STATUS_CODE_${status.toUpperCase()}`);

const NOT_HEX = /[^0-9a-fA-F]/;

/** Decodes an OTLP/JSON `ExportTraceServiceRequest`; otherwise like `decodeTracesProtobuf`. */
export function decodeTracesJson(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const rejections = new RejectionLog();
  const request = new JsonTranscoder(limits, rejections).transcode(bytes);
  decodeTracesInto(request, block, { limits, rejections });
  return rejections.toRejectedSpans();
}

/** A request in protobuf, and the spans that did not make it there. */
export interface TranscodedTraces {
  readonly request: Uint8Array;
  readonly rejected: RejectedSpans;
}

/**
 * Rewrites an OTLP/JSON request as protobuf, for those who pass it on. Only what cannot be expressed is refused: spans
 * with ids that are not hexadecimal. Throws what `decodeTracesJson` throws.
 */
export function transcodeTracesJson(
  bytes: Uint8Array,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): TranscodedTraces {
  const rejections = new RejectionLog();
  const request = new JsonTranscoder(limits, rejections).transcode(bytes);
  return { request, rejected: rejections.toRejectedSpans() };
}

/** Rewrites a request, but for spans whose ids protobuf could not express. The fields are those of `encode.ts`. */
class JsonTranscoder {
  readonly #json = new JsonReader('otlp json');
  readonly #writer = new WireWriter(64 * 1024);
  readonly #limits: DecodeLimits;
  readonly #rejections: RejectionLog;
  #spanCount = 0;
  /** What had to be changed in the span being written. */
  readonly #changes: string[] = [];

  constructor(limits: DecodeLimits, rejections: RejectionLog) {
    this.#limits = limits;
    this.#rejections = rejections;
    // What is not Unicode stays wrong, so that the decoder puts it right and says so.
    this.#writer.marksLoneSurrogates = true;
  }

  transcode(bytes: Uint8Array): Uint8Array {
    this.#messages(this.#json.parse(bytes), 'resourceSpans', 0x0a, (resourceSpans) => {
      this.#message(resourceSpans, 'resource', 0x0a, (resource) => {
        this.#attributes(resource, 0x0a, 0);
        this.#count(resource, 'droppedAttributesCount', 0x10);
      });
      this.#messages(resourceSpans, 'scopeSpans', 0x12, (scopeSpans) => {
        this.#scopeSpans(scopeSpans);
      });
      this.#text(resourceSpans, 'schemaUrl', 0x1a);
    });
    return this.#writer.bytes;
  }

  #scopeSpans(scopeSpans: JsonObject): void {
    this.#message(scopeSpans, 'scope', 0x0a, (scope) => {
      this.#text(scope, 'name', 0x0a);
      this.#text(scope, 'version', 0x12);
      this.#attributes(scope, 0x1a, 0);
      this.#count(scope, 'droppedAttributesCount', 0x20);
    });
    this.#json.objects(scopeSpans, 'spans', (span) => {
      checkSpanCount(++this.#spanCount, this.#limits);
      if (this.#hasHexIds(span)) this.#trySpan(span);
    });
    this.#text(scopeSpans, 'schemaUrl', 0x1a);
  }

  /** Writes a span, or refuses it alone when one of its values cannot be. */
  #trySpan(span: JsonObject): void {
    const { length } = this.#writer;
    this.#changes.length = 0;
    const error = this.#json.attempt(() => this.#nested(0x12, () => this.#span(span)));
    if (error === undefined) return;
    this.#writer.truncate(length);
    this.#rejections.add(() => {
      const { message, path } = error;
      const place = path.slice(path.lastIndexOf('.spans[')).replace(/^\.spans\[\d+\]\./, '');
      return `${place}: ${message.slice(message.indexOf('expected'), message.indexOf(' in resourceSpans'))}`;
    });
  }

  #hasHexIds(span: JsonObject): boolean {
    for (const name of ['traceId', 'spanId', 'parentSpanId']) {
      const digits = this.#json.text(span, name);
      if (isHexBytes(digits)) continue;
      this.#rejections.add(() => `${name} is not hexadecimal: ${quote(digits)}`);
      return false;
    }
    return true;
  }

  #span(span: JsonObject): void {
    this.#id(span, 'traceId', 0x0a);
    this.#id(span, 'spanId', 0x12);
    this.#text(span, 'traceState', 0x1a);
    this.#id(span, 'parentSpanId', 0x22);
    this.#text(span, 'name', 0x2a);
    writeCount(this.#writer, 0x30, this.#enum(span, 'kind', KIND_NAMES));
    this.#time(span, 'startTimeUnixNano', 0x39);
    this.#time(span, 'endTimeUnixNano', 0x41);
    this.#attributes(span, 0x4a, 0);
    this.#count(span, 'droppedAttributesCount', 0x50);
    this.#messages(span, 'events', 0x5a, (event) => {
      this.#time(event, 'timeUnixNano', 0x09);
      this.#text(event, 'name', 0x12);
      this.#attributes(event, 0x1a, 0);
      this.#count(event, 'droppedAttributesCount', 0x20);
    });
    this.#count(span, 'droppedEventsCount', 0x60);
    this.#messages(span, 'links', 0x6a, (link) => this.#link(link));
    this.#count(span, 'droppedLinksCount', 0x70);
    this.#message(span, 'status', 0x7a, (status) => {
      this.#text(status, 'message', 0x12);
      writeCount(this.#writer, 0x18, this.#enum(status, 'code', STATUS_NAMES));
    });
    this.#flags(span, 0x85);
    if (this.#changes.length > 0) {
      const value: AttributeValue = { type: 'string', value: this.#changes.join('; ') };
      writeAttributes(this.#writer, 0x4a, [{ key: SANITIZED, value }]);
    }
  }

  /** One that does not exist is the first, `..._UNSPECIFIED` or `..._UNSET`. */
  #enum(owner: JsonObject, name: string, names: readonly string[]): number {
    const number = this.#json.enumNumber(owner, name, names);
    if (number === undefined) {
      this.#changes.push(`unknown ${name} ${shorten(String(owner[name]))}: set to ${names[0]}`);
    }
    return number ?? 0;
  }

  #link(link: JsonObject): void {
    this.#id(link, 'traceId', 0x0a);
    this.#id(link, 'spanId', 0x12);
    this.#text(link, 'traceState', 0x1a);
    this.#attributes(link, 0x22, 0);
    this.#count(link, 'droppedAttributesCount', 0x28);
    this.#flags(link, 0x35);
  }

  /** `depth` counts the arrays and maps around the attributes. */
  #attributes(parent: JsonObject, tag: number, depth: number): void {
    this.#keyValues(parent, 'attributes', { tag, depth });
  }

  #keyValues(
    parent: JsonObject,
    name: string,
    { tag, depth }: { readonly tag: number; readonly depth: number },
  ): void {
    this.#messages(parent, name, tag, (attribute) => {
      this.#text(attribute, 'key', 0x0a);
      this.#message(attribute, 'value', 0x12, (value) => this.#anyValue(value, depth));
    });
  }

  /** Of a value that is nested too deep one level too many is written, for the decoder to leave it out. */
  #anyValue(value: JsonObject, depth: number): void {
    const writer = this.#writer;
    const has = (name: string): boolean => value[name] !== undefined && value[name] !== null;
    if (has('stringValue')) {
      writer.writeVarint(0x0a);
      writer.writeText(this.#json.text(value, 'stringValue'));
    } else if (has('boolValue')) {
      writer.writeVarint(0x10);
      writer.writeVarint(this.#json.bool(value, 'boolValue') ? 1 : 0);
    } else if (has('doubleValue')) {
      writer.writeVarint(0x21);
      writer.writeDouble(this.#json.double(value, 'doubleValue'));
    } else if (has('intValue')) this.#intValue(value);
    else if (has('bytesValue')) this.#bytesValue(value);
    else if (has('arrayValue')) this.#arrayValue(value, depth + 1);
    else if (has('kvlistValue')) this.#kvlistValue(value, depth + 1);
  }

  /** OpenTelemetry's JavaScript exporter calls every whole number an integer, 1e300 too: that is meant as a double. */
  #intValue(value: JsonObject): void {
    const number = value['intValue'];
    if (isBeyondInt64(number)) {
      this.#writer.writeVarint(0x21);
      this.#writer.writeDouble(Number(number));
      return;
    }
    this.#writer.writeVarint(0x18);
    this.#writer.writeInt64(this.#json.int64(value, 'intValue'));
  }

  #bytesValue(value: JsonObject): void {
    const bytes =
      parseBase64(this.#json.text(value, 'bytesValue')) ??
      this.#json.failValue('bytesValue', 'base64', value['bytesValue']);
    this.#writer.writeVarint(0x3a);
    this.#writer.writeBytes(bytes);
  }

  #arrayValue(value: JsonObject, depth: number): void {
    this.#message(value, 'arrayValue', 0x2a, (array) => {
      if (depth > MAX_NESTING) return;
      this.#messages(array, 'values', 0x0a, (element) => this.#anyValue(element, depth));
    });
  }

  #kvlistValue(value: JsonObject, depth: number): void {
    this.#message(value, 'kvlistValue', 0x32, (map) => {
      if (depth > MAX_NESTING) return;
      this.#keyValues(map, 'values', { tag: 0x0a, depth });
    });
  }

  #message(
    parent: JsonObject,
    name: string,
    tag: number,
    write: (value: JsonObject) => void,
  ): void {
    this.#json.object(parent, name, (value) => this.#nested(tag, () => write(value)));
  }

  #messages(
    parent: JsonObject,
    name: string,
    tag: number,
    write: (value: JsonObject) => void,
  ): void {
    this.#json.objects(parent, name, (value) => this.#nested(tag, () => write(value)));
  }

  #nested(tag: number, write: () => void): void {
    this.#writer.writeVarint(tag);
    const start = this.#writer.begin();
    write();
    this.#writer.end(start);
  }

  #text(parent: JsonObject, name: string, tag: number): void {
    writeText(this.#writer, tag, this.#json.text(parent, name));
  }

  #count(parent: JsonObject, name: string, tag: number): void {
    writeCount(this.#writer, tag, this.#json.uint32(parent, name));
  }

  /** Writes an id; digits that are not hexadecimal are no id. */
  #id(parent: JsonObject, name: string, tag: number): void {
    const digits = this.#json.text(parent, name);
    if (digits === '' || !isHexBytes(digits)) return;
    this.#writer.writeVarint(tag);
    this.#writer.writeHex(digits);
  }

  /** Before 1970 there were no spans. */
  #time(parent: JsonObject, name: string, tag: number): void {
    const value = this.#json.time(parent, name);
    if (value < 0n) this.#changes.push(`${name} ${value} is negative: set to 0`);
    if (value <= 0n) return;
    this.#writer.writeVarint(tag);
    this.#writer.writeFixed64(value);
  }

  #flags(parent: JsonObject, tag: number): void {
    const flags = this.#json.uint32(parent, 'flags');
    if (flags === 0) return;
    this.#writer.writeVarint(tag);
    this.#writer.writeFixed32(flags);
  }
}

/** Whether a number that was not sent as text is too large for an integer. */
function isBeyondInt64(value: unknown): value is number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) !== value;
  return typeof value === 'number' && Math.abs(value) >= 2 ** 63;
}

/** Whether `digits` are hexadecimal, of either case, and make whole bytes. */
function isHexBytes(digits: string): boolean {
  return digits.length % 2 === 0 && !NOT_HEX.test(digits);
}

/**
 * Traces as Jaeger's query API answers with them and its UI saves them to files: `{"data": [{"traceID", "spans",
 * "processes"}]}`. People edit such files and programs write them by hand, so a value is taken for what it can be read
 * as. One trace alone, without `data` around it, is read too.
 */
import type { Attribute, AttributeValue, Span } from '@clew/model';
import { JsonReader } from '../otlp/json-reader.ts';
import type { JsonObject } from '../otlp/json-reader.ts';
import { DEFAULT_DECODE_LIMITS, checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import { parseBase64 } from '../wire/base64.ts';
import { NO_PROCESS } from './message.ts';
import type { JaegerLog, JaegerProcess, JaegerReference, JaegerSpan } from './message.ts';
import { JaegerMapper } from './to-model.ts';

/**
 * Reads all spans of Jaeger's JSON, in the order of the file. Throws `DecodeError` for what is no such JSON and
 * `LimitError` when there are too many spans.
 */
export function decodeJaegerJson(
  bytes: Uint8Array,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): Span[] {
  return new JaegerJsonDecoder(limits).decode(bytes);
}

const HEX = /^[0-9a-fA-F]+$/;
const INTEGER = /^-?\d{1,19}$/;

class JaegerJsonDecoder {
  readonly #json = new JsonReader('jaeger json');
  readonly #mapper = new JaegerMapper();
  readonly #limits: DecodeLimits;
  readonly #spans: Span[] = [];

  constructor(limits: DecodeLimits) {
    this.#limits = limits;
  }

  decode(bytes: Uint8Array): Span[] {
    const file = this.#json.parse(bytes);
    if (file['data'] === undefined && file['spans'] === undefined) {
      this.#json.fail('neither "data" nor "spans" is there');
    }
    if (file['data'] === undefined) this.#readTrace(file);
    else this.#json.objects(file, 'data', (trace) => this.#readTrace(trace));
    return this.#spans;
  }

  #readTrace(trace: JsonObject): void {
    const processes = new Map<string, JaegerProcess>();
    this.#json.object(trace, 'processes', (byId) => {
      for (const id of Object.keys(byId)) {
        this.#json.object(byId, id, (process) => {
          processes.set(id, this.#readProcess(process));
        });
      }
    });
    this.#json.objects(trace, 'spans', (span) => this.#readSpan(span, trace, processes));
  }

  #readProcess(process: JsonObject): JaegerProcess {
    const { tags, dropped } = this.#readTags(process, 'tags');
    return {
      serviceName: this.#json.text(process, 'serviceName'),
      tags,
      droppedTagsCount: dropped,
    };
  }

  #readSpan(
    span: JsonObject,
    trace: JsonObject,
    processes: ReadonlyMap<string, JaegerProcess>,
  ): void {
    checkSpanCount(this.#spans.length + 1, this.#limits);
    // Where a span has its process inside, it is not in the table.
    let process = processes.get(this.#json.text(span, 'processID')) ?? NO_PROCESS;
    this.#json.object(span, 'process', (own) => {
      process = this.#readProcess(own);
    });
    this.#spans.push(this.#mapper.toModel(this.#toSpan(span, trace), process));
  }

  #toSpan(span: JsonObject, trace: JsonObject): JaegerSpan {
    const { tags, dropped } = this.#readTags(span, 'tags');
    return {
      traceId: this.#id(this.#json.text(span, 'traceID') === '' ? trace : span, 'traceID', 32),
      spanId: this.#id(span, 'spanID', 16),
      // Written by old versions instead of a reference.
      parentSpanId:
        this.#json.text(span, 'parentSpanID') === '' ? '' : this.#id(span, 'parentSpanID', 16),
      operationName: this.#json.text(span, 'operationName'),
      references: this.#readReferences(span),
      droppedReferencesCount: 0,
      flags: span['flags'] === undefined ? 0 : this.#json.uint32(span, 'flags'),
      startNanos: this.#nanos(span, 'startTime'),
      durationNanos: this.#nanos(span, 'duration'),
      tags,
      droppedTagsCount: dropped,
      logs: this.#readLogs(span),
      droppedLogsCount: 0,
      changes: [],
    };
  }

  #readReferences(span: JsonObject): JaegerReference[] {
    const references: JaegerReference[] = [];
    this.#json.objects(span, 'references', (reference) => {
      references.push({
        type:
          this.#json.text(reference, 'refType') === 'FOLLOWS_FROM' ? 'follows_from' : 'child_of',
        traceId: this.#id(reference, 'traceID', 32),
        spanId: this.#id(reference, 'spanID', 16),
      });
    });
    return references;
  }

  #readLogs(span: JsonObject): JaegerLog[] {
    const logs: JaegerLog[] = [];
    this.#json.objects(span, 'logs', (log) => {
      const { tags, dropped } = this.#readTags(log, 'fields');
      logs.push({
        timeNanos: this.#nanos(log, 'timestamp'),
        fields: tags,
        droppedFieldsCount: dropped,
      });
    });
    return logs;
  }

  #readTags(parent: JsonObject, name: string): { tags: Attribute[]; dropped: number } {
    const tags: Attribute[] = [];
    let dropped = 0;
    this.#json.objects(parent, name, (tag) => {
      if (tags.length >= this.#limits.maxAttributes) dropped++;
      else
        tags.push({
          key: this.#json.text(tag, 'key'),
          value: readValue(tag['type'], tag['value']),
        });
    });
    return { tags, dropped };
  }

  /** Leading zeros may be left out. */
  #id(parent: JsonObject, name: string, length: number): string {
    const digits = this.#json.text(parent, name);
    if (digits.length > length || !HEX.test(digits)) {
      this.#json.failField(name, `up to ${length} hexadecimal digits`, parent[name]);
    }
    return digits.toLowerCase().padStart(length, '0');
  }

  /** From microseconds, which some programs write with a fraction. */
  #nanos(parent: JsonObject, name: string): bigint {
    const value = parent[name];
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) {
      const micros = Math.trunc(value);
      return BigInt(micros) * 1000n + BigInt(Math.round((value - micros) * 1000));
    }
    return this.#json.int64(parent, name) * 1000n;
  }
}

/** A value as its type says, or as what it is when it is not what its type says. */
function readValue(type: unknown, value: unknown): AttributeValue {
  switch (type) {
    case 'bool':
      if (value === 'true' || value === 'false') return { type: 'bool', value: value === 'true' };
      break;
    case 'int64': {
      const integer = parseInt64(value);
      if (integer !== undefined) return { type: 'int', value: integer };
      break;
    }
    case 'float64': {
      const double = parseDouble(value);
      if (double !== undefined) return { type: 'double', value: double };
      break;
    }
    case 'binary': {
      const bytes = typeof value === 'string' ? parseBase64(value) : undefined;
      if (bytes !== undefined) return { type: 'bytes', value: bytes };
      break;
    }
    case 'string':
      if (typeof value !== 'string') return { type: 'string', value: JSON.stringify(value) ?? '' };
      break;
    default:
  }
  return readPlainValue(value);
}

function readPlainValue(value: unknown): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (value === undefined || value === null) return { type: 'empty' };
  if (typeof value !== 'number') return { type: 'string', value: JSON.stringify(value) ?? '' };
  return Number.isSafeInteger(value)
    ? { type: 'int', value: BigInt(value) }
    : { type: 'double', value };
}

function parseInt64(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string' || !INTEGER.test(value)) return undefined;
  const integer = BigInt(value);
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

function parseDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  if (value === '+Inf' || value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Inf' || value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return Number.isNaN(Number(value)) ? undefined : Number(value);
}

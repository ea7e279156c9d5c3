/**
 * Thrift as another implementation writes and reads it: Apache's own package. Values are generic, so that no struct has
 * to be declared; `dumpJaegerMessage` gives those of jaeger.thrift their names.
 */
import { unreachable } from '@clew/model';
import thrift from 'thrift';
import type { Protocol } from 'thrift';
import { THRIFT_TYPE } from '../wire/thrift-reader.ts';

export type ThriftEncoding = 'compact' | 'binary' | 'binary not strict';

/** One value with its type, by the names of `THRIFT_TYPE`. */
export type ThriftValue =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'byte' | 'i16' | 'i32' | 'double'; readonly value: number }
  | { readonly type: 'i64'; readonly value: bigint }
  | { readonly type: 'string'; readonly value: Uint8Array }
  | { readonly type: 'struct'; readonly fields: readonly ThriftField[] }
  | ThriftList
  | ThriftMap;

export interface ThriftField {
  readonly id: number;
  readonly value: ThriftValue;
}

/** Elements are all of one type. */
export interface ThriftList {
  readonly type: 'list';
  readonly elementType: ThriftValue['type'];
  readonly elements: readonly ThriftValue[];
}

export interface ThriftMap {
  readonly type: 'map';
  readonly keyType: ThriftValue['type'];
  readonly valueType: ThriftValue['type'];
  readonly entries: readonly (readonly [ThriftValue, ThriftValue])[];
}

/** Writes a value, after the header of a one-way call when it is the arguments of one. */
export function writeThrift(
  encoding: ThriftEncoding,
  value: ThriftValue,
  method?: string,
): Uint8Array {
  let written = new Uint8Array(0);
  const transport = new thrift.TBufferedTransport(undefined, (bytes) => {
    written = Uint8Array.from(bytes);
  });
  const protocol =
    encoding === 'compact'
      ? new thrift.TCompactProtocol(transport)
      : new thrift.TBinaryProtocol(transport, false, encoding === 'binary');
  if (method !== undefined) protocol.writeMessageBegin(method, 4, 7);
  writeValue(protocol, value);
  protocol.flush();
  return written;
}

/** Reads a struct, and the header of a call before it when there is one. */
export function readThrift(
  encoding: ThriftEncoding,
  bytes: Uint8Array,
  { isMessage = false }: { readonly isMessage?: boolean } = {},
): { readonly method: string; readonly value: ThriftValue } {
  const transport = new thrift.TFramedTransport(Buffer.from(bytes));
  const protocol =
    encoding === 'compact'
      ? new thrift.TCompactProtocol(transport)
      : new thrift.TBinaryProtocol(transport);
  const method = isMessage ? protocol.readMessageBegin().fname : '';
  return { method, value: readValue(protocol, THRIFT_TYPE.struct) };
}

/** A `Batch`, or the arguments of `emitBatch`, as JSON that people can read. */
export function dumpJaegerMessage(value: ThriftValue, struct: 'Batch' | 'emitBatch'): unknown {
  return dump(value, struct);
}

function writeValue(protocol: Protocol, value: ThriftValue): void {
  switch (value.type) {
    case 'bool':
      return protocol.writeBool(value.value);
    case 'byte':
      return protocol.writeByte(value.value);
    case 'i16':
      return protocol.writeI16(value.value);
    case 'i32':
      return protocol.writeI32(value.value);
    case 'i64':
      return protocol.writeI64(toInt64(value.value));
    case 'double':
      return protocol.writeDouble(value.value);
    case 'string':
      return protocol.writeBinary(Buffer.from(value.value));
    case 'struct':
      protocol.writeStructBegin('');
      for (const field of value.fields) {
        protocol.writeFieldBegin('', THRIFT_TYPE[field.value.type], field.id);
        writeValue(protocol, field.value);
        protocol.writeFieldEnd();
      }
      protocol.writeFieldStop();
      return protocol.writeStructEnd();
    case 'list':
      protocol.writeListBegin(THRIFT_TYPE[value.elementType], value.elements.length);
      for (const element of value.elements) writeValue(protocol, element);
      return protocol.writeListEnd();
    case 'map':
      protocol.writeMapBegin(
        THRIFT_TYPE[value.keyType],
        THRIFT_TYPE[value.valueType],
        value.entries.length,
      );
      for (const entry of value.entries) for (const part of entry) writeValue(protocol, part);
      return protocol.writeMapEnd();
  }
}

function readValue(protocol: Protocol, type: number): ThriftValue {
  switch (type) {
    case THRIFT_TYPE.bool:
      return { type: 'bool', value: protocol.readBool() };
    case THRIFT_TYPE.byte:
      return { type: 'byte', value: protocol.readByte() };
    case THRIFT_TYPE.i16:
      return { type: 'i16', value: protocol.readI16() };
    case THRIFT_TYPE.i32:
      return { type: 'i32', value: protocol.readI32() };
    case THRIFT_TYPE.i64:
      return { type: 'i64', value: fromInt64(protocol.readI64()) };
    case THRIFT_TYPE.double:
      return { type: 'double', value: protocol.readDouble() };
    case THRIFT_TYPE.string:
      return { type: 'string', value: Uint8Array.from(protocol.readBinary()) };
    case THRIFT_TYPE.struct:
      return readStruct(protocol);
    case THRIFT_TYPE.list: {
      const { etype, size } = protocol.readListBegin();
      const elements = Array.from({ length: size }, () => readValue(protocol, etype));
      protocol.readListEnd();
      return { type: 'list', elementType: typeName(etype), elements };
    }
    default:
      throw new Error(`type ${type} is not expected`);
  }
}

function readStruct(protocol: Protocol): ThriftValue {
  const fields: ThriftField[] = [];
  protocol.readStructBegin();
  for (;;) {
    const { ftype, fid } = protocol.readFieldBegin();
    if (ftype === THRIFT_TYPE.stop) break;
    fields.push({ id: fid, value: readValue(protocol, ftype) });
    protocol.readFieldEnd();
  }
  protocol.readStructEnd();
  return { type: 'struct', fields };
}

function typeName(number: number): ThriftValue['type'] {
  const entry = Object.entries(THRIFT_TYPE).find(([, value]) => value === number);
  return (entry?.[0] ?? 'struct') as ThriftValue['type'];
}

function toInt64(value: bigint): thrift.Int64 {
  const octets = Buffer.alloc(8);
  octets.writeBigInt64BE(value);
  return new thrift.Int64(octets);
}

function fromInt64(value: thrift.Int64): bigint {
  return BigInt.asIntN(64, BigInt(`0x${value.toOctetString()}`));
}

/** Names of fields by id, with the struct that a field holds. */
const STRUCTS: Readonly<Record<string, Readonly<Record<number, readonly [string, string?]>>>> = {
  emitBatch: { 1: ['batch', 'Batch'] },
  Batch: { 1: ['process', 'Process'], 2: ['spans', 'Span'], 3: ['seqNo'], 4: ['stats', 'Stats'] },
  Stats: { 1: ['fullQueueDroppedSpans'], 2: ['tooLargeDroppedSpans'], 3: ['failedToEmitSpans'] },
  Process: { 1: ['serviceName'], 2: ['tags', 'Tag'] },
  Span: {
    1: ['traceIdLow'],
    2: ['traceIdHigh'],
    3: ['spanId'],
    4: ['parentSpanId'],
    5: ['operationName'],
    6: ['references', 'SpanRef'],
    7: ['flags'],
    8: ['startTime'],
    9: ['duration'],
    10: ['tags', 'Tag'],
    11: ['logs', 'Log'],
  },
  SpanRef: { 1: ['refType'], 2: ['traceIdLow'], 3: ['traceIdHigh'], 4: ['spanId'] },
  Tag: {
    1: ['key'],
    2: ['vType'],
    3: ['vStr'],
    4: ['vDouble'],
    5: ['vBool'],
    6: ['vLong'],
    7: ['vBinary'],
  },
  Log: { 1: ['timestamp'], 2: ['fields', 'Tag'] },
};

const IDS = new Set(['traceIdLow', 'traceIdHigh', 'spanId', 'parentSpanId']);

function dump(value: ThriftValue, struct: string, name = ''): unknown {
  switch (value.type) {
    case 'struct':
      return Object.fromEntries(
        value.fields.map(({ id, value }) => {
          const [name, inner = ''] = STRUCTS[struct]?.[id] ?? [`field ${id}`];
          return [name, dump(value, inner, name)];
        }),
      );
    case 'list':
      return value.elements.map((element) => dump(element, struct));
    case 'i64':
      return IDS.has(name)
        ? BigInt.asUintN(64, value.value).toString(16).padStart(16, '0')
        : value.value.toString();
    case 'string':
      return name === 'vBinary'
        ? Buffer.from(value.value).toString('base64')
        : Buffer.from(value.value).toString();
    case 'map':
      return 'a map';
    case 'bool':
    case 'byte':
    case 'i16':
    case 'i32':
    case 'double':
      return value.value;
    default:
      return unreachable(value);
  }
}

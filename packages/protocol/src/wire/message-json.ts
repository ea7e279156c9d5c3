/**
 * Messages that tables describe, as ProtoJSON: 64-bit integers are strings, bytes base64, enums by their names, and numbers that
 * JSON has none for are texts. A field that is not there is left out, and an empty list is there: readers loop over it.
 *
 * https://protobuf.dev/programming-guides/json/
 */
import { unreachable } from '@clew/model';
import { formatBase64 } from './base64.ts';
import type { MessageField, MessageType, MessageValue } from './message.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What `JSON.stringify` writes as the message. */
export function messageToJson<Type extends MessageType>(
  type: Type,
  value: MessageValue<Type>,
): JsonObject {
  return toObject(type, value);
}

function toObject(type: MessageType, value: JsonObject): JsonObject {
  const object: Record<string, unknown> = {};
  for (const name of namesOf(type)) {
    const field = type[name];
    const given = value[name];
    if (field !== undefined && given !== undefined) object[name] = fieldToJson(field, given);
  }
  return object;
}

const namesByType = new WeakMap<MessageType, readonly string[]>();

function namesOf(type: MessageType): readonly string[] {
  const known = namesByType.get(type);
  if (known !== undefined) return known;
  const names = Object.keys(type);
  namesByType.set(type, names);
  return names;
}

function fieldToJson(field: MessageField, given: unknown): unknown {
  if (field.map === true) {
    const entries = Object.entries(given as JsonObject);
    return Object.fromEntries(entries.map(([key, value]) => [key, valueToJson(field, value)]));
  }
  if (field.repeated !== true) return valueToJson(field, given);
  return (given as readonly unknown[]).map((value) => valueToJson(field, value));
}

function valueToJson({ type, names }: MessageField, value: unknown): unknown {
  if (typeof type !== 'string') return toObject(type, value as JsonObject);
  switch (type) {
    case 'string':
    case 'bool':
    case 'int32':
    case 'uint32':
      return value;
    case 'int64':
    case 'uint64':
    case 'fixed64':
      return (value as bigint).toString();
    case 'bytes':
      return formatBase64(value as Uint8Array);
    case 'enum':
      return names?.[value as number] ?? value;
    case 'double':
      return Number.isFinite(value) ? value : String(value);
    default:
      return unreachable(type);
  }
}

/** A field of a protobuf message: the number of a varint, or bytes. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message in their order, those of fixed width as bytes; `undefined` when the bytes are not a message. */
export function readFields(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === undefined) return undefined;
    const value = readValue(bytes, tag.end, tag.value & 7);
    if (value === undefined) return undefined;
    fields.push({ number: Math.floor(tag.value / 8), value: value.value });
    at = value.end;
  }
  return fields;
}

/** The last bytes under this number; `undefined` when there are none. */
export function bytesOf(
  fields: readonly Field[] | undefined,
  number: number,
): Uint8Array | undefined {
  const value = fields?.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** The last varint under this number; 0, its default, when there is none. */
export function numberOf(fields: readonly Field[] | undefined, number: number): number {
  const value = fields?.findLast((field) => field.number === number)?.value;
  return typeof value === 'number' ? value : 0;
}

export function textOf(fields: readonly Field[] | undefined, number: number): string {
  return new TextDecoder().decode(bytesOf(fields, number));
}

interface Read<T> {
  readonly value: T;
  /** Where the next begins. */
  readonly end: number;
}

function readValue(
  bytes: Uint8Array,
  at: number,
  wireType: number,
): Read<number | Uint8Array> | undefined {
  if (wireType === 0) return readVarint(bytes, at);
  if (wireType === 1) return slice(bytes, at, 8);
  if (wireType === 5) return slice(bytes, at, 4);
  if (wireType !== 2) return undefined;
  const length = readVarint(bytes, at);
  return length === undefined ? undefined : slice(bytes, length.end, length.value);
}

function slice(bytes: Uint8Array, start: number, length: number): Read<Uint8Array> | undefined {
  const end = start + length;
  return end > bytes.length ? undefined : { value: bytes.subarray(start, end), end };
}

function readVarint(bytes: Uint8Array, start: number): Read<number> | undefined {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.length && at < start + 10; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  return undefined;
}

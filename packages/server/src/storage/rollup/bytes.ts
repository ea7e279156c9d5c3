type NumberColumn = Uint8Array | Uint16Array | Uint32Array | BigUint64Array | Float64Array;

/** The memory of a column, as Native wants it. */
export function bytesOf(values: NumberColumn): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Columns one after the other, as the parts of an array or a tuple stand in Native. */
export function concatBytes(columns: readonly NumberColumn[]): Uint8Array {
  return Buffer.concat(columns.map(bytesOf));
}

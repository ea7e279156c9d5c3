/** Memory that a `WireWriter` writes to, seen byte by byte and in words. */
export interface WireRoom {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Node's buffers know how to write text. */
export function createRoom(size: number): WireRoom {
  const bytes = typeof Buffer === 'undefined' ? new Uint8Array(size) : Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
}

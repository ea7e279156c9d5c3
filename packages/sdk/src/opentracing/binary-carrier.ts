const MAX_BYTES = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Headers as the bytes of OpenTracing's binary format, which is each tracer's own: JSON. They are put into the carrier's `buffer`.
 */
export function writeBinaryCarrier(
  carrier: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  if (typeof carrier === 'object' && carrier !== null) {
    Reflect.set(carrier, 'buffer', encoder.encode(JSON.stringify(headers)));
  }
}

/** The headers again; none for a carrier without bytes, or with those of another tracer. */
export function readBinaryCarrier(carrier: unknown): object {
  const bytes = toBytes(carrier);
  if (bytes === undefined || bytes.length > MAX_BYTES) return {};
  try {
    const headers: unknown = JSON.parse(decoder.decode(bytes));
    return typeof headers === 'object' && headers !== null ? headers : {};
  } catch {
    return {}; // Not ours.
  }
}

function toBytes(carrier: unknown): Uint8Array | undefined {
  if (typeof carrier !== 'object' || carrier === null || !('buffer' in carrier)) return undefined;
  const { buffer } = carrier;
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  if (ArrayBuffer.isView(buffer)) {
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  return Array.isArray(buffer) && buffer.length <= MAX_BYTES ? Uint8Array.from(buffer) : undefined;
}

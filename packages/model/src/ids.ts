declare const traceIdBrand: unique symbol;
declare const spanIdBrand: unique symbol;

/** 16 bytes as 32 lower-case hexadecimal digits, not all zero (W3C Trace Context, section 3.2.2.3). */
export type TraceId = string & { readonly [traceIdBrand]: true };

/** 8 bytes as 16 lower-case hexadecimal digits, not all zero. */
export type SpanId = string & { readonly [spanIdBrand]: true };

const HEX = /^[0-9a-f]+$/;
const ZEROS = /^0+$/;

/**
 * Reads a trace id as people and other systems write it: any case, and 1 to 32 digits, because Jaeger and Zipkin leave
 * leading zeros out. `undefined` when it is anything else or zero.
 */
export function parseTraceId(text: string): TraceId | undefined {
  return parseId(text, 32) as TraceId | undefined;
}

/** Reads a span id of 1 to 16 digits in any case; `undefined` when it is anything else or zero. */
export function parseSpanId(text: string): SpanId | undefined {
  return parseId(text, 16) as SpanId | undefined;
}

function parseId(text: string, digits: number): string | undefined {
  if (text.length === 0 || text.length > digits) return undefined;
  const id = text.toLowerCase().padStart(digits, '0');
  return HEX.test(id) && !ZEROS.test(id) ? id : undefined;
}

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Formats bytes as lower-case hexadecimal digits. */
export function formatHex(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += HEX_OF_BYTE[bytes[i] ?? 0];
  return text;
}

/** Writes the bytes of hexadecimal `text` at `at`. The caller has checked the digits and their number. */
export function writeHex(text: string, target: Uint8Array, at: number): void {
  for (let i = 0; i < text.length; i += 2) {
    target[at + (i >> 1)] = Number.parseInt(text.slice(i, i + 2), 16);
  }
}

const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const TO_ESCAPE = /[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text as it may stand in a header: all that is not printable ASCII, and what has a meaning there, is percent-encoded. */
export function encodePercent(text: string): string {
  return text.replaceAll(LONE_SURROGATE, '\ufffd').replaceAll(TO_ESCAPE, encodeURIComponent);
}

/** Undoes percent-encoding. A percent sign that begins nothing stays; bytes that are not UTF-8 become U+FFFD. */
export function decodePercent(text: string): string {
  return text.replaceAll(ESCAPES, (escapes) => {
    const bytes = new Uint8Array(escapes.length / 3);
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = Number.parseInt(escapes.slice(3 * i + 1, 3 * i + 3), 16);
    }
    return decoder.decode(bytes);
  });
}

/** Texts up to this length are first tried by a loop; the call to the decoder costs more. */
const SHORT_TEXT = 40;

const REPLACEMENT = '\ufffd';

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Reads UTF-8; every byte that is none becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length <= SHORT_TEXT) {
    const text = decodeAscii(bytes);
    if (text !== undefined) return text;
  }
  return lenient.decode(bytes);
}

/** Whether `text`, which `decodeText` made of `bytes`, is all that was sent. */
export function isExactText(text: string, bytes: Uint8Array): boolean {
  if (!text.includes(REPLACEMENT)) return true;
  try {
    strict.decode(bytes);
    return true;
  } catch {
    // The decoder's way to say that these bytes are not UTF-8.
    return false;
  }
}

/** Four characters at a time: a text made of single ones is a long chain that somebody has to flatten. */
function decodeAscii(bytes: Uint8Array): string | undefined {
  const { length } = bytes;
  let text = '';
  let at = 0;
  for (; at + 3 < length; at += 4) {
    const a = bytes[at] ?? 0;
    const b = bytes[at + 1] ?? 0;
    const c = bytes[at + 2] ?? 0;
    const d = bytes[at + 3] ?? 0;
    if ((a | b | c | d) > 127) return undefined;
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

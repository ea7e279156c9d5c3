/** Writes a text as UTF-8 and gives the number of bytes; there must be room for three times its length. */
export type WriteUtf8 = (bytes: Uint8Array, text: string, at: number) => number;

const encoder = new TextEncoder();

/** Node's own way is quicker than the web's, which needs a view of the place to write to. */
export const writeUtf8: WriteUtf8 =
  typeof Buffer === 'undefined'
    ? (bytes, text, at) => encoder.encodeInto(text, bytes.subarray(at)).written
    : (bytes, text, at) => Buffer.prototype.write.call(bytes, text, at);

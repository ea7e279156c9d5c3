import { DecodeError, LimitError } from '@clew/model';

/** Reads the whole content of a request. Throws `DecodeError` when there is none, and `LimitError`. */
export async function readBody({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  if (body === null) throw new DecodeError('no content', { format: 'json', offset: 0 });
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) {
      const details = { limit: maxBytes, actual: sizeBytes };
      throw new LimitError(`the content has more than ${maxBytes} bytes`, details);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Many clients take messages of no more than 4 MiB. */
const MAX_MESSAGE_BYTES = 2 * 1024 ** 2;

/** Encodes spans together, or in as many parts as it takes for each to be small enough; a span is never divided. */
export function* boundedChunks<Item>(
  spans: readonly Item[],
  encode: (spans: readonly Item[]) => Uint8Array,
): Generator<Uint8Array> {
  const message = encode(spans);
  if (message.length <= MAX_MESSAGE_BYTES || spans.length <= 1) {
    yield message;
    return;
  }
  const half = spans.length >> 1;
  yield* boundedChunks(spans.slice(0, half), encode);
  yield* boundedChunks(spans.slice(half), encode);
}

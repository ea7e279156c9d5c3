import { readStream } from './read-stream.ts';
import type { ByteStream } from './read-stream.ts';

/** Lines of text, each when its end has come. Whoever stops asking ends the stream; the stream's own errors are passed on. */
export async function* readLines(stream: ByteStream): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let begun = '';
  for await (const piece of readStream(stream)) {
    const lines = decoder.decode(piece, { stream: true }).split('\n');
    const last = lines.pop() ?? '';
    if (lines.length === 0) begun += last;
    else {
      lines[0] = begun + (lines[0] ?? '');
      begun = last;
      yield* lines;
    }
  }
}

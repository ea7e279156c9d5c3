/** Lists of spans in Zipkin's v2 JSON, written piece by piece. */
import { ZipkinJsonTranslator } from '@clew/protocol';
import type { Span, TraceId } from '@clew/model';

/** Spans that are written together: a text of some hundred kilobytes. */
const SPANS_PER_PIECE = 500;

/** The spans of one trace, which come some at a time. */
export async function* spanListPieces(
  chunks: AsyncIterable<readonly Span[]>,
): AsyncGenerator<string> {
  const writer = new SpanListWriter();
  yield '[';
  for await (const spans of chunks) yield* writer.write(spans);
  yield ']\n';
}

/** A list of such lists. Spans of one trace come at a time. */
export async function* traceListPieces(
  chunks: AsyncIterable<readonly Span[]>,
): AsyncGenerator<string> {
  let traceId: TraceId | undefined;
  let writer = new SpanListWriter();
  yield '[';
  for await (const spans of chunks) {
    const next = spans[0]?.traceId;
    if (next === undefined) continue;
    if (next !== traceId) {
      yield traceId === undefined ? '[' : '],[';
      traceId = next;
      writer = new SpanListWriter();
    }
    yield* writer.write(spans);
  }
  yield traceId === undefined ? ']\n' : ']]\n';
}

/** What is between the brackets of one list. */
class SpanListWriter {
  readonly #translator = new ZipkinJsonTranslator();
  #isFirst = true;

  *write(spans: readonly Span[]): Generator<string> {
    for (let at = 0; at < spans.length; at += SPANS_PER_PIECE) {
      const some = spans.slice(at, at + SPANS_PER_PIECE);
      const texts = some.map((span) => JSON.stringify(this.#translator.fromModel(span)));
      yield `${this.#isFirst ? '' : ','}${texts.join(',')}`;
      this.#isFirst = false;
    }
  }
}

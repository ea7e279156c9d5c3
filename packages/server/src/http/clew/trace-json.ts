import { NumberedSet, resourceToJson, scopeToJson, spanToJson } from '@clew/api';
import type { SpanJson } from '@clew/api';
import type { Resource, Scope, Span, TraceId } from '@clew/model';

/** Spans that are written together: a text of some hundred kilobytes. */
const SPANS_PER_PIECE = 500;

/** The same, piece by piece, of a trace whose spans come some at a time. */
export async function* traceJsonPieces(
  traceId: TraceId,
  chunks: AsyncIterable<readonly Span[]>,
): AsyncGenerator<string> {
  const writer = new TraceJsonWriter(traceId);
  for await (const spans of chunks) yield* writer.write(spans);
  yield `${writer.end()}\n`;
}

/** Traces, one after the other, in the form of `TracesResponse`. Spans of one trace come at a time. */
export async function* tracesJsonPieces(
  chunks: AsyncIterable<readonly Span[]>,
): AsyncGenerator<string> {
  yield '{"traces":[';
  let writer: TraceJsonWriter | undefined;
  for await (const spans of chunks) {
    const traceId = spans[0]?.traceId;
    if (traceId === undefined) continue;
    if (writer?.traceId !== traceId) {
      if (writer !== undefined) yield `${writer.end()},`;
      writer = new TraceJsonWriter(traceId);
    }
    yield* writer.write(spans);
  }
  yield `${writer?.end() ?? ''}]}\n`;
}

/** Writes one trace, whose spans come some at a time. */
class TraceJsonWriter {
  readonly traceId: TraceId;
  readonly #resources = new NumberedSet<Resource>();
  readonly #scopes = new NumberedSet<Scope>();
  #before: string;

  constructor(traceId: TraceId) {
    this.traceId = traceId;
    this.#before = `{"traceId":${JSON.stringify(traceId)},"spans":[`;
  }

  *write(spans: readonly Span[]): Generator<string> {
    for (let at = 0; at < spans.length; at += SPANS_PER_PIECE) {
      const json = spans.slice(at, at + SPANS_PER_PIECE).map((span) => this.#toJson(span));
      yield `${this.#before}${JSON.stringify(json).slice(1, -1)}`;
      this.#before = ',';
    }
  }

  end(): string {
    const resources = JSON.stringify(this.#resources.values.map(resourceToJson));
    const scopes = JSON.stringify(this.#scopes.values.map(scopeToJson));
    return `],"resources":${resources},"scopes":${scopes}}`;
  }

  #toJson(span: Span): SpanJson {
    return spanToJson(
      span,
      this.#resources.numberOf(span.resource),
      this.#scopes.numberOf(span.scope),
    );
  }
}

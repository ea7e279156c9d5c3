/** Traces in Jaeger's JSON, version 1, piece by piece: only one trace is held at a time, and only some of its spans as text. */
import type { JaegerError } from './envelope.ts';
import { JaegerTraceBuilder } from './from-model.ts';
import type { ShownTrace } from './jaeger-queries.ts';
import { formatJaegerTraceId } from './trace-id.ts';

/** Spans that are written together: a text of some hundred kilobytes. */
const SPANS_PER_PIECE = 500;
/** What `prettyPrint` indents by. */
const INDENT = '    ';

/** The envelope around traces; what of them could not be given is said at its end, when `errorsAtEnd` is asked. */
export async function* envelopePieces(
  traces: AsyncIterable<ShownTrace> | Iterable<ShownTrace>,
  { isPretty, errorsAtEnd }: EnvelopeOptions,
): AsyncGenerator<string> {
  const layout = new Layout(isPretty);
  let before = `{${layout.line(1)}"data":${layout.space}[`;
  let isEmpty = true;
  for await (const trace of traces) {
    yield* tracePieces(trace, `${before}${layout.line(2)}`, layout);
    before = ',';
    isEmpty = false;
  }
  const end = isEmpty ? `${before}]` : `${layout.line(1)}]`;
  const errors = errorsAtEnd();
  const rest = {
    total: 0,
    limit: 0,
    offset: 0,
    errors: errors.length > 0 ? errors : null,
  };
  const fields = Object.entries(rest).map(
    ([name, value]) => `,${layout.line(1)}"${name}":${layout.space}${layout.json(value, 1)}`,
  );
  yield `${end}${fields.join('')}${layout.line(0)}}\n`;
}

export interface EnvelopeOptions {
  readonly isPretty: boolean;
  readonly errorsAtEnd: () => readonly JaegerError[];
}

function* tracePieces(
  { traceId, spans }: ShownTrace,
  before: string,
  layout: Layout,
): Generator<string> {
  const builder = new JaegerTraceBuilder();
  const id = JSON.stringify(formatJaegerTraceId(traceId));
  let start = `${before}{${layout.line(3)}"traceID":${layout.space}${id},${layout.line(3)}"spans":${layout.space}[`;
  for (let at = 0; at < spans.length; at += SPANS_PER_PIECE) {
    const json = spans
      .slice(at, at + SPANS_PER_PIECE)
      .map((span) => `${layout.line(4)}${layout.json(builder.addSpan(span), 4)}`);
    yield `${start}${json.join(',')}`;
    start = ',';
  }
  const processes = layout.json(builder.processes, 3);
  yield `${layout.line(3)}],${layout.line(3)}"processes":${layout.space}${processes},${layout.line(3)}"warnings":${layout.space}null${layout.line(2)}}`;
}

/** How JSON is laid out when it is written in parts. */
class Layout {
  readonly #isPretty: boolean;
  readonly space: '' | ' ';

  constructor(isPretty: boolean) {
    this.#isPretty = isPretty;
    this.space = isPretty ? ' ' : '';
  }

  /** What begins a line that is so deep. */
  line(depth: number): string {
    return this.#isPretty ? `\n${INDENT.repeat(depth)}` : '';
  }

  json(value: unknown, depth: number): string {
    if (!this.#isPretty) return JSON.stringify(value);
    return JSON.stringify(value, undefined, INDENT).replaceAll('\n', `\n${INDENT.repeat(depth)}`);
  }
}

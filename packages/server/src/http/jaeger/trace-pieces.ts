/** Traces in Jaeger's JSON, version 1, piece by piece: only some spans of one are held at a time. */
import type { TraceId } from '@clew/model';
import type { AdjustedSpan } from './adjust/adjusted-span.ts';
import type { JaegerError } from './envelope.ts';
import { JaegerTraceBuilder } from './from-model.ts';
import type { ShownSpans } from './jaeger-queries.ts';
import { formatJaegerTraceId } from './trace-id.ts';

/** Spans that are written together: a text of some hundred kilobytes. */
const SPANS_PER_PIECE = 500;
/** What `prettyPrint` indents by. */
const INDENT = '    ';

/**
 * The envelope around traces, each some spans at a time; what of them could not be given is said at its end, when `errorsAtEnd` is
 * asked.
 */
export async function* envelopePieces(
  traces: AsyncIterable<ShownSpans> | Iterable<ShownSpans>,
  { isPretty, errorsAtEnd }: EnvelopeOptions,
): AsyncGenerator<string> {
  const layout = new Layout(isPretty);
  let before = `{${layout.line(1)}"data":${layout.space}[`;
  let current: OpenTrace | undefined;
  for await (const { traceId, spans } of traces) {
    if (current?.traceId !== traceId) {
      if (current !== undefined) before = `${current.end()},`;
      current = new OpenTrace(traceId, layout);
      before += `${layout.line(2)}${current.start()}`;
    }
    for (let at = 0; at < spans.length; at += SPANS_PER_PIECE) {
      yield `${before}${current.add(spans.slice(at, at + SPANS_PER_PIECE))}`;
      before = '';
    }
  }
  const end = current === undefined ? `${before}]` : `${current.end()}${layout.line(1)}]`;
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

/** A trace that is being written. Its processes, which its spans name, come last. */
class OpenTrace {
  readonly traceId: TraceId;
  readonly #layout: Layout;
  readonly #builder = new JaegerTraceBuilder();
  #isEmpty = true;

  constructor(traceId: TraceId, layout: Layout) {
    this.traceId = traceId;
    this.#layout = layout;
  }

  start(): string {
    const { line, space } = this.#layout;
    const id = JSON.stringify(formatJaegerTraceId(this.traceId));
    return `{${line(3)}"traceID":${space}${id},${line(3)}"spans":${space}[`;
  }

  add(spans: readonly AdjustedSpan[]): string {
    const { line } = this.#layout;
    const json = spans.map(
      (span) => `${line(4)}${this.#layout.json(this.#builder.addSpan(span), 4)}`,
    );
    const before = this.#isEmpty ? '' : ',';
    this.#isEmpty = false;
    return `${before}${json.join(',')}`;
  }

  end(): string {
    const { line, space } = this.#layout;
    const processes = this.#layout.json(this.#builder.processes, 3);
    return `${line(3)}],${line(3)}"processes":${space}${processes},${line(3)}"warnings":${space}null${line(2)}}`;
  }
}

/** How JSON is laid out when it is written in parts. */
class Layout {
  readonly #isPretty: boolean;
  readonly space: '' | ' ';
  /** What begins a line that is so deep. */
  readonly line: (depth: number) => string;

  constructor(isPretty: boolean) {
    this.#isPretty = isPretty;
    this.space = isPretty ? ' ' : '';
    this.line = (depth) => (isPretty ? `\n${INDENT.repeat(depth)}` : '');
  }

  json(value: unknown, depth: number): string {
    if (!this.#isPretty) return JSON.stringify(value);
    return JSON.stringify(value, undefined, INDENT).replaceAll('\n', `\n${INDENT.repeat(depth)}`);
  }
}

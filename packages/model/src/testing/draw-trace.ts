import { formatHex } from '../ids.ts';
import { SPAN_KINDS } from '../span.ts';
import type { Span, SpanKind, SpanStatus } from '../span.ts';
import { durationNano, unixNano } from '../time.ts';
import { toTraceColumns } from '../trace-columns.ts';
import type { TraceColumns } from '../trace-columns.ts';
import { assembleTrace } from '../trace.ts';
import { exampleSpan, spanIdOf, traceIdOf } from './example-span.ts';

/** Nanoseconds that a sign of a picture stands for. */
export const CELL_NS = 100_000_000;

export interface DrawnTrace {
  readonly columns: TraceColumns;
  readonly spans: readonly Span[];
  /** The indexes of the spans of a name, in the order of their lines. */
  readonly rowsOf: (name: string) => readonly number[];
  /** Of the first span of a name. */
  readonly rowOf: (name: string) => number;
}

/**
 * A trace from its picture. A line is a span: its depth as two spaces each, its name, its service and kind where they are not
 * `shop` and `internal`, and its bar behind `|`, a sign a `CELL_NS`. A bar of `x` failed, one of `o` says it is
 * ok, and `.` has no length. A name that
 * begins with `?` has a parent that is not in the trace.
 *
 *     checkout           |==========
 *       pay shop:client  | ====
 */
export function drawTrace(picture: string): DrawnTrace {
  const lines = picture.split('\n').filter((line) => line.trim() !== '');
  const margin = Math.min(...lines.map((line) => line.search(/\S/)));
  const open: number[] = [];
  const idsByName = new Map<string, number[]>();
  const drawn = lines.map((line, at) => {
    const id = at + 1;
    const depth = (line.search(/\S/) - margin) / 2;
    const { name, isOrphan, ...span } = readLine(line);
    const parentId = isOrphan ? 1000 + id : open[depth - 1];
    open[depth] = id;
    idsByName.set(name, [...(idsByName.get(name) ?? []), id]);
    return exampleSpan({
      ...span,
      name,
      spanId: spanIdOf(id),
      parentSpanId: parentId === undefined ? undefined : spanIdOf(parentId),
    });
  });
  const { spans } = assembleTrace(traceIdOf(1), drawn);
  const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
  const rowOfId = new Map(
    spans.map((_, row) => [Number(`0x${formatHex(columns.spanIds, row * 8, row * 8 + 8)}`), row]),
  );
  const rowsOf = (name: string): readonly number[] =>
    (idsByName.get(name) ?? []).map((id) => rowOfId.get(id) ?? -1);
  return { columns, spans, rowsOf, rowOf: (name) => rowsOf(name)[0] ?? -1 };
}

function readLine(line: string): Pick<
  Span,
  'name' | 'kind' | 'status' | 'resource' | 'startUnixNano' | 'durationNano'
> & {
  readonly isOrphan: boolean;
} {
  const [head = '', bar = ''] = line.split('|');
  const [, mark, name = '', service = 'shop', kind = 'internal'] =
    /^\s*(\?)?(.*?)(?:\s+(\w+):(\w+))?\s*$/.exec(head) ?? [];
  const start = bar.search(/\S/);
  const length = bar.includes('.') ? 0 : bar.trim().length;
  return {
    name,
    isOrphan: mark === '?',
    kind: SPAN_KINDS.find((known): known is SpanKind => known === kind) ?? 'unspecified',
    status: statusOf(bar),
    resource: { ...exampleSpan().resource, service },
    startUnixNano: unixNano(1_700_000_000_000_000_000n + BigInt(start * CELL_NS)),
    durationNano: durationNano(BigInt(length * CELL_NS)),
  };
}

function statusOf(bar: string): SpanStatus {
  if (bar.includes('x')) return 'error';
  return bar.includes('o') ? 'ok' : 'unset';
}

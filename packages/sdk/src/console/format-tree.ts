export interface PrintedSpan {
  readonly spanId: string;
  /** Of a span that is elsewhere, or none at all, where this one is printed at the top. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** What is said of the failure, of a span that failed. */
  readonly error: string | undefined;
}

const WIDTH = 64;

/** Spans of a trace, in any order, as lines: parents above children, in the order in which they began. */
export function formatTree(traceId: string, spans: readonly PrintedSpan[]): string {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string | undefined, PrintedSpan[]>();
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const parent = known.has(span.parentSpanId) ? span.parentSpanId : undefined;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [span]);
    else siblings.push(span);
  }
  const lines = [`trace ${traceId}`];
  // Deepest last on the stack, so that chains of any depth are printed without recursion.
  const stack = placesOf(children.get(undefined), '').toReversed();
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { span, prefix, isLast } = place;
    lines.push(formatLine(span, `${prefix}${isLast ? '└─ ' : '├─ '}`));
    const below = `${prefix}${isLast ? '   ' : '│  '}`;
    stack.push(...placesOf(children.get(span.spanId), below).toReversed());
  }
  return `${lines.join('\n')}\n`;
}

interface Place {
  readonly span: PrintedSpan;
  readonly prefix: string;
  readonly isLast: boolean;
}

function placesOf(spans: readonly PrintedSpan[] = [], prefix: string): Place[] {
  return spans.map((span, i) => ({ span, prefix, isLast: i === spans.length - 1 }));
}

function formatLine({ name, durationMs, error }: PrintedSpan, prefix: string): string {
  const label = `${prefix}${printable(name)} `;
  const duration = `${durationMs.toFixed(durationMs < 10 ? 2 : 0)} ms`;
  const dots = '·'.repeat(Math.max(2, WIDTH - label.length - duration.length));
  const failure = error === undefined ? '' : `  ✗ ${printable(error)}`;
  return `${label}${dots} ${duration}${failure}`;
}

/** Control characters would move the cursor or change the colours of the terminal. */
function printable(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

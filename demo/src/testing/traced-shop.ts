import type { Attribute, Span } from '@clew/model';
import { expect } from 'vitest';
import { OtlpSink } from '../../../packages/sdk/src/testing/otlp-sink.ts';
import { readAttributes } from '../../../packages/sdk/src/testing/read-attributes.ts';
import { ChildProcesses } from '../child-processes.ts';
import type { FaultName } from '../faults.ts';
import { startShop } from '../shop.ts';
import type { Shop } from '../shop.ts';

/** What came of one order. */
export interface Ordered {
  readonly status: number;
  readonly text: string;
  /** Its trace, in the order in which the spans started. */
  readonly spans: readonly Span[];
}

/** The shop as it runs in the demo, and a receiver that keeps the spans that come out of it. */
export class TracedShop {
  readonly sink: OtlpSink;
  readonly shop: Shop;
  readonly #processes: ChildProcesses;
  readonly #deaths: readonly string[];

  private constructor(
    sink: OtlpSink,
    shop: Shop,
    processes: ChildProcesses,
    deaths: readonly string[],
  ) {
    this.sink = sink;
    this.shop = shop;
    this.#processes = processes;
    this.#deaths = deaths;
  }

  static async start(...faults: readonly FaultName[]): Promise<TracedShop> {
    // The processes inherit it; the default of a second would be most of the tests' time.
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '100';
    const deaths: string[] = [];
    const processes = new ChildProcesses((message) => deaths.push(message));
    const sink = await OtlpSink.start();
    const shop = await startShop(
      { otlpEndpoint: sink.endpoint, faults: new Set(faults) },
      processes,
    );
    return new TracedShop(sink, shop, processes, deaths);
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    await this.sink.stop();
    expect(this.#deaths).toEqual([]);
  }

  /** Places an order and waits for its trace: for so many spans, or for all of an order that is shipped. */
  async order(body: object | string, spanCount?: number): Promise<Ordered> {
    // The customer begins the trace, without a span of its own, so that it is known however the order ends.
    const traceId = crypto.randomUUID().replaceAll('-', '');
    const response = await fetch(`${this.shop.orderServiceUrl}/orders`, {
      method: 'POST',
      headers: { traceparent: `00-${traceId}-${traceId.slice(16)}-01` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const find = (): readonly Span[] => this.sink.spans.filter((span) => span.traceId === traceId);
    if (spanCount === undefined) {
      // Of each process it is the last to end, and spans are sent in the order of their ends.
      const isWhole = (): boolean => {
        const found = new Set(find().map(describeSpan));
        return LAST_OF_EACH_SERVICE.every((span) => found.has(span));
      };
      await this.sink.waitFor(isWhole);
    } else {
      await this.sink.waitFor(() => find().length >= spanCount);
      expect(find().map(describeSpan)).toHaveLength(spanCount);
    }
    if (response.ok) expect(response.headers.get('x-trace-id')).toBe(traceId);
    const spans = find().toSorted((a, b) => (a.startUnixNano < b.startUnixNano ? -1 : 1));
    return { status: response.status, text, spans };
  }
}

const LAST_OF_EACH_SERVICE = [
  'order-service server POST /orders',
  'user-service server GET /users/:id',
  'payment-service server POST /payments',
  'shipping-service consumer process orders',
];

/** `order-service internal create-order`, without the name of the database, which may be another. */
export function describeSpan({ resource, kind, name }: Span): string {
  return `${resource.service} ${kind} ${name.startsWith('pg.') ? name.replace(/ \S+$/, '') : name}`;
}

/** The spans as lines, indented below their parents. */
export function draw(spans: readonly Span[]): string {
  const known = new Set<string>(spans.map((span) => span.spanId));
  const lines: string[] = [];
  const visit = (parent: string | undefined, depth: number): void => {
    for (const span of spans) {
      const above = known.has(span.parentSpanId ?? '') ? span.parentSpanId : undefined;
      if (above !== parent) continue;
      lines.push(`${'  '.repeat(depth)}${describeSpan(span)}`);
      visit(span.spanId, depth + 1);
    }
  };
  visit(undefined, 0);
  return lines.join('\n');
}

/** The first span whose service, kind and name match. */
export function get(spans: readonly Span[], pattern: RegExp): Span {
  const found = spans.find((span) => pattern.test(describeSpan(span)));
  if (found === undefined) {
    throw new Error(`no ${pattern} among ${spans.map(describeSpan).join(', ')}`);
  }
  return found;
}

/** Attributes of a span, an event, a link or a resource. */
export function attributesOf(of: {
  readonly attributes: readonly Attribute[];
}): ReturnType<typeof readAttributes> {
  return readAttributes(of.attributes);
}

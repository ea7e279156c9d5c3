import type { Attributes, Tracer } from '@opentelemetry/api';
import { Complaints } from '../complaints.ts';
import { AsyncContextManager } from '../context/async-context-manager.ts';
import { AlwaysOnSampler } from '../sampling/always-on-sampler.ts';
import { ParentBasedSampler } from '../sampling/parent-based-sampler.ts';
import { encodeResource } from '../trace/encode-scope.ts';
import type { InstrumentationScope } from '../trace/encode-scope.ts';
import { RandomWords } from '../trace/random-words.ts';
import { SpanBuffer } from '../trace/span-buffer.ts';
import { SpanClock } from '../trace/span-clock.ts';
import { DEFAULT_SPAN_LIMITS } from '../trace/span-limits.ts';
import type { SpanLimits } from '../trace/span-limits.ts';
import { SpanStart } from '../trace/span-start.ts';
import { SpanTracerProvider } from '../trace/span-tracer-provider.ts';

export interface TestTracerOptions {
  readonly limits?: Partial<SpanLimits>;
  readonly maxSpans?: number;
  readonly maxBytes?: number;
  readonly resource?: Attributes;
}

/** A tracer whose spans end in a buffer of its own, beside the process' one, and what the buffer has dropped. */
export interface TestTracer {
  readonly buffer: SpanBuffer;
  readonly droppedCount: () => number;
  readonly getTracer: (name: string) => Tracer;
}

export function createTestTracer(options: TestTracerOptions = {}): TestTracer {
  const { limits, maxSpans = 1e6, maxBytes = 1e9, resource = { 'service.name': 'shop' } } = options;
  const scopes: InstrumentationScope[] = [];
  const buffer = new SpanBuffer({
    resource: encodeResource(resource),
    scopes,
    maxSpans,
    maxBytes,
  });
  const contexts = new AsyncContextManager();
  let droppedCount = 0;
  const provider = new SpanTracerProvider({
    words: new RandomWords(),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    start: new SpanStart(),
    clock: new SpanClock(),
    complaints: new Complaints(),
    limits: { ...DEFAULT_SPAN_LIMITS, ...limits },
    active: () => contexts.active(),
    run: (ctx, fn, arg) => contexts.run(ctx, fn, arg),
    addScope: (scope) => scopes.push(scope) - 1,
    onEnd: (span) => {
      droppedCount += buffer.push(span);
    },
  });
  return {
    buffer,
    droppedCount: () => droppedCount,
    getTracer: (name) => provider.getTracer(name, '1.0'),
  };
}

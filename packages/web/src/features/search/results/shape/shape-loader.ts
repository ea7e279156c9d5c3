import type { TraceColumns } from '@clew/model';
import type { SampledSpan, SampledTrace } from './sample-spans.ts';
import { shapeOf, shapeOfSample } from './shape-of.ts';
import type { Shape } from './shape-of.ts';

/** A trace of more spans is not loaded for a picture of a few pixels, as its columns are a quarter of a megabyte: a sample stands for it. */
export const MAX_WHOLE_SPANS = 5000;

/** Under way at a time, so that the list itself is never kept waiting for its pictures. */
const MAX_AT_ONCE = 2;

export interface ShapeSource {
  readonly readTraceColumns: (
    traceId: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<TraceColumns>;
  readonly readSample: (
    trace: SampledTrace,
    signal: AbortSignal,
  ) => Promise<readonly SampledSpan[]>;
}

/** Loads traces for their shapes, a few at a time; those whose row has gone are left out. */
export class ShapeLoader {
  readonly #source: ShapeSource;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(source: ShapeSource) {
    this.#source = source;
  }

  async load(trace: SampledTrace, signal: AbortSignal): Promise<Shape> {
    if (this.#running >= MAX_AT_ONCE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running++;
    try {
      signal.throwIfAborted();
      if (trace.spanCount > MAX_WHOLE_SPANS) {
        return shapeOfSample(trace, await this.#source.readSample(trace, signal));
      }
      return shapeOf(await this.#source.readTraceColumns(trace.traceId, { signal }));
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

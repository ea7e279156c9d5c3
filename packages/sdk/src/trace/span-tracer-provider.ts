import type { Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { SpanTracer } from './span-tracer.ts';
import type { TracerParts } from './span-tracer.ts';

/** Hands out one tracer per instrumentation scope: to this library's own functions and to everybody else's. */
export class SpanTracerProvider implements TracerProvider {
  readonly #parts: TracerParts;
  readonly #tracers = new Map<string, SpanTracer>();

  constructor(parts: TracerParts) {
    this.#parts = parts;
  }

  getTracer(name: string, version = '', options: TracerOptions = {}): Tracer {
    const schemaUrl = options.schemaUrl ?? '';
    const key = `${name}@${version}:${schemaUrl}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const scope = { name, version, attributes: [], droppedAttributesCount: 0, schemaUrl };
    const tracer = new SpanTracer(this.#parts, scope);
    this.#tracers.set(key, tracer);
    return tracer;
  }
}

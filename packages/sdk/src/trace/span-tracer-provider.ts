import type { Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { givenText } from '../given-text.ts';
import { createAttributeRules } from './attribute-rules.ts';
import type { SpanAttributeRules } from './attribute-rules.ts';
import type { InstrumentationScope } from './encode-scope.ts';
import type { RecordingSpanParts } from './recording-span.ts';
import { SpanTracer } from './span-tracer.ts';
import type { TracerParts } from './span-tracer.ts';

/** What spans of all tracers share, and what is to be done about one tracer's. */
export interface ProviderParts
  extends TracerParts, Omit<RecordingSpanParts, 'scopeIndex' | 'rules'> {
  /** Gives the index under which spans of the scope are buffered. */
  readonly addScope: (scope: InstrumentationScope) => number;
}

/** Hands out one tracer per instrumentation scope: to this library's own functions and to everybody else's. */
export class SpanTracerProvider implements TracerProvider {
  readonly #parts: ProviderParts;
  readonly #rules: SpanAttributeRules;
  readonly #tracers = new Map<string, SpanTracer>();

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.#rules = createAttributeRules(parts.limits, parts.complaints);
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    const scope = {
      name: givenText(name),
      version: givenText(version),
      schemaUrl: schemaUrlOf(options),
    };
    const key = `${scope.name}\n${scope.version}\n${scope.schemaUrl}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const { clock, limits, complaints, onEnd, addScope } = this.#parts;
    const scopeIndex = addScope(scope);
    const shared = { clock, limits, rules: this.#rules, complaints, onEnd };
    const tracer = new SpanTracer(this.#parts, { scopeIndex, ...shared });
    this.#tracers.set(key, tracer);
    return tracer;
  }
}

function schemaUrlOf(options: TracerOptions | undefined): string {
  try {
    return givenText(options?.schemaUrl);
  } catch {
    return ''; // They defend themselves.
  }
}

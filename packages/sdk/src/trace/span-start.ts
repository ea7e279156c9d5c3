import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { Attributes, Context, Link, TraceState } from '@opentelemetry/api';
import type { SpanCandidate } from '../sampling/sampler.ts';
import type { ClockAnchor } from './span-clock.ts';
import { TraceBits } from './trace-bits.ts';

/** What a span begins with, once for all spans: filled for one, read by sampler and span, and filled for the next. */
export class SpanStart implements SpanCandidate {
  name = '';
  kind: SpanKind = SpanKind.INTERNAL;
  attributes: Attributes | undefined = undefined;
  links: readonly Link[] | undefined = undefined;
  context: Context = ROOT_CONTEXT;
  trace: TraceBits = TraceBits.zero;
  parent: SpanCandidate['parent'] = 'none';
  parentIsSampled = false;
  traceState: TraceState | undefined = undefined;

  /** Counts how often it was filled. */
  serial = 0;
  spanWord0 = 0;
  spanWord1 = 0;
  parentWord0 = 0;
  parentWord1 = 0;
  /** W3C's: sampled, random. */
  traceFlags = 0;
  /** Of the parent, where it is in this process. */
  anchor: ClockAnchor | undefined = undefined;
}

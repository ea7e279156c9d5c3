import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { SpanCandidate } from '../sampling/sampler.ts';
import { TraceBits } from '../trace/trace-bits.ts';

/** A span that wants to begin: the first of a trace whose id ends with the given digits, unless told otherwise. */
export function spanCandidate(parts: Partial<SpanCandidate> = {}, idEnd = ''): SpanCandidate {
  return {
    name: 'work',
    kind: SpanKind.INTERNAL,
    attributes: undefined,
    links: undefined,
    context: ROOT_CONTEXT,
    trace: TraceBits.fromHex(idEnd.padStart(32, '1')),
    parent: 'none',
    parentIsSampled: false,
    traceState: undefined,
    ...parts,
  };
}

import { TraceAssembler } from '@clew/model';
import type { Span, Trace, TraceId } from '@clew/model';
import type { EventLoopTurns } from './event-loop-turns.ts';

/** The traces that spans, in any order, belong to. */
export async function assembleTraces(
  spans: readonly Span[],
  turns: EventLoopTurns,
): Promise<ReadonlyMap<TraceId, Trace>> {
  const assemblers = new Map<TraceId, TraceAssembler>();
  await turns.forEach(spans, (span) => {
    let assembler = assemblers.get(span.traceId);
    if (assembler === undefined) {
      assembler = new TraceAssembler(span.traceId);
      assemblers.set(span.traceId, assembler);
    }
    assembler.add(span);
  });
  return new Map([...assemblers].map(([traceId, assembler]) => [traceId, assembler.finish()]));
}

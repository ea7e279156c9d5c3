/**
 * Traces of which some are archived. An archived one comes from the archive when retention has dropped some of its spans, and
 * from the store as long as that has all of them, and perhaps more.
 */
import { assembleTrace, toTraceColumns } from '@clew/model';
import type { Span, TraceColumns } from '@clew/model';
import type { SpanLimit, SpansRequest, TraceRequest, TracesRequest } from '../../span-store.ts';
import { refuseLarger } from '../trace-loader.ts';
import type { TraceLoader } from '../trace-loader.ts';
import type { TraceArchive } from './trace-archive.ts';

export class ArchivedTraces {
  readonly #archive: TraceArchive;
  readonly #loader: TraceLoader;

  constructor(archive: TraceArchive, loader: TraceLoader) {
    this.#archive = archive;
    this.#loader = loader;
  }

  /** Whether the archive has more of the trace than the store. */
  async has(request: TraceRequest): Promise<boolean> {
    const archivedSpans = await this.#archive.spanCount(request);
    if (archivedSpans === undefined) return false;
    return (await this.#loader.countSpans(request)) < archivedSpans;
  }

  /** Archives what is stored of a trace, unless less is stored of it than is archived; gives whether it is archived now. */
  async keep({ traceId, ...request }: TraceRequest): Promise<boolean> {
    if (await this.has({ ...request, traceId })) return true;
    const chunks = this.#loader.streamSpans({ ...request, traceIds: [traceId] });
    return (await this.#archive.keep({ ...request, traceId }, chunks)) > 0;
  }

  /** Of a trace that it has. */
  async readSpans({
    spanId,
    maxSpans,
    ...request
  }: SpansRequest): Promise<readonly Span[] | undefined> {
    if (maxSpans !== undefined && spanId === undefined) await this.#refuseLarger(request, maxSpans);
    const spans: Span[] = [];
    for await (const part of this.#archive.read(request)) {
      for (const span of part) {
        if (spanId === undefined || span.spanId === spanId) spans.push(span);
      }
    }
    return spans.length === 0 ? undefined : spans;
  }

  /** Of a trace that it has. */
  async readColumns(request: TraceRequest & SpanLimit): Promise<TraceColumns | undefined> {
    const spans = await this.readSpans(request);
    return spans && toTraceColumns(assembleTrace(request.traceId, spans));
  }

  /** Of any traces. */
  async *streamSpans({ traceIds, ...request }: TracesRequest): AsyncGenerator<readonly Span[]> {
    let others: TracesRequest['traceIds'][number][] = [];
    for (const traceId of new Set(traceIds)) {
      if (!(await this.has({ ...request, traceId }))) {
        others.push(traceId);
        continue;
      }
      yield* this.#loader.streamSpans({ ...request, traceIds: others });
      others = [];
      yield* this.#archive.read({ ...request, traceId });
    }
    yield* this.#loader.streamSpans({ ...request, traceIds: others });
  }

  /** Gives whether the archive had it. */
  remove(request: TraceRequest): Promise<boolean> {
    return this.#archive.remove(request);
  }

  async #refuseLarger(request: TraceRequest, maxSpans: number): Promise<void> {
    const rowCount = (await this.#archive.spanCount(request)) ?? 0;
    refuseLarger({ rowCount }, maxSpans);
  }
}

/**
 * Tells which spans of found traces answer. Where SQL can say which spans meet the filters, the traces are read without their
 * attributes, and those only of the few spans that are shown.
 */
import { identityKey } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import { compileFields, compileShownSpansets, findBeyondSpan, isBeyondSpan } from '@clew/traceql';
import type { Field, ShownSpan, ShownSpanset } from '@clew/traceql';
import type { SpansetsRequest } from '../span-store.ts';
import { any } from './engine/sql.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import type { CandidateFilter } from './plan/candidates.ts';
import { detailsOf, isLeanField } from './plan/lean-spans.ts';
import type { LeanPart, LeanPlan } from './plan/lean-spans.ts';
import type { TraceLoader } from './trace-loader.ts';
import type { TraceSearch } from './trace-search.ts';

export interface SpansetReaderOptions {
  readonly loader: TraceLoader;
  readonly search: TraceSearch;
}

type Spansets = ReadonlyMap<TraceId, readonly ShownSpanset[]>;

/** Spans whose attributes are read together. */
const SPANS_AT_ONCE = 4096;

export class SpansetReader {
  readonly #options: SpansetReaderOptions;

  constructor(options: SpansetReaderOptions) {
    this.#options = options;
  }

  async read(request: SpansetsRequest): Promise<Spansets> {
    const { tenant, search, signal, fields } = request;
    const { lean, candidates } = await this.#options.search.plan({
      tenant,
      search,
      signal,
      limit: 1,
    });
    const alternatives = candidates.filters.flatMap((filter) => filter.alternatives);
    if (alternatives.length === 0) return new Map();
    const isOfSpans = findBeyondSpan(search) === undefined && !fields.some(isBeyondSpan);
    // The others of a trace change nothing, and the condition leads past most of them.
    const part = {
      lean: lean && withFields(lean, fields),
      only: isOfSpans ? any(alternatives) : undefined,
      services: isOfSpans ? servicesOf(candidates.filters) : undefined,
    };
    const show = compileShownSpansets({ ...request, known: lean?.known });
    const found = new Map<TraceId, readonly ShownSpanset[]>();
    const turns = new EventLoopTurns(signal);
    for await (const traces of this.#options.loader.readTraceGroups(request, part)) {
      for (const [traceId, trace] of traces) {
        const spansets = await turns.run(show(trace));
        if (spansets.length > 0) found.set(traceId, spansets);
      }
    }
    const isWhole = lean === undefined || fields.every(isLeanField);
    return isWhole ? found : this.#withAttributes(request, found);
  }

  async #withAttributes(request: SpansetsRequest, found: Spansets): Promise<Spansets> {
    const shown = [...found.values()].flat().flatMap(({ spans }) => spans);
    const stored = new Map<string, Span>();
    for (let at = 0; at < shown.length; at += SPANS_AT_ONCE) {
      const some = shown.slice(at, at + SPANS_AT_ONCE);
      const read = await this.#options.loader.readSpansByIdentity(request, some);
      for (const each of some) {
        const span = read.get(identityKey(each));
        if (span !== undefined) stored.set(identityKey(each), span);
      }
    }
    const readFields = compileFields(request.fields);
    const complete = (shown: ShownSpan): ShownSpan => {
      const span = stored.get(identityKey(shown));
      if (span === undefined) return shown;
      const read = readFields({ traceId: span.traceId, spans: [span] })(0);
      // What only the trace tells is known already.
      const values = request.fields.map((field, i) =>
        isLeanField(field) ? shown.values[i] : read[i],
      );
      return { ...shown, values };
    };
    return new Map(
      [...found].map(([traceId, spansets]) => [
        traceId,
        spansets.map((spanset) => ({ ...spanset, spans: spanset.spans.map(complete) })),
      ]),
    );
  }
}

/** With what is shown of every span, too. */
function withFields({ met, details }: LeanPlan, fields: readonly Field[]): LeanPart {
  return { met, details: new Set([...details, 'name', ...detailsOf(fields)]) };
}

/** The only ones whose spans meet one of the filters; undefined where any service's may. */
function servicesOf(filters: readonly CandidateFilter[]): ReadonlySet<string> | undefined {
  const services = new Set<string>();
  for (const { service } of filters) {
    if (service === undefined) return undefined;
    services.add(service);
  }
  return services;
}

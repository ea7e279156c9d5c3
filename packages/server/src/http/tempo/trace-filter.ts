/** Which spans of one trace are wanted: those that meet a filter, and of their relatives as many as are asked for. */
import { LimitError, QuerySyntaxError } from '@clew/model';
import type { Span, SpanId } from '@clew/model';
import { compileSearch, findBeyondSpan, runWithoutPause } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import { readSearch } from '../../query/read-search.ts';
import { givenText, refuse } from './parameters.ts';

export interface TraceFilter {
  readonly search: SearchQuery;
  /** Generations of ancestors that are kept of each span that meets it. */
  readonly ancestorDepth: number;
  /** Generations of descendants. */
  readonly matchDepth: number;
}

/** Undefined where all spans are wanted. Throws `InvalidQueryError`, and `QuerySyntaxError` for what is no filter of single spans. */
export function traceFilterOf(parameters: URLSearchParams): TraceFilter | undefined {
  const text = givenText(parameters, 'q');
  if (text === undefined) return undefined;
  const search = readSearch(text);
  const [first, ...others] = search.pipeline.stages;
  const beyond = findBeyondSpan(search);
  if (first.kind !== 'filter' || others.length > 0 || beyond !== undefined) {
    const message = 'expected one filter, of what a span has by itself';
    throw new QuerySyntaxError(message, { text, position: beyond?.start ?? first.range.end });
  }
  const keepsHierarchy = givenText(parameters, 'keep_hierarchy') === 'true';
  const ancestors = givenDepth(parameters, 'ancestor_depth') ?? Number.POSITIVE_INFINITY;
  return {
    search,
    ancestorDepth: keepsHierarchy ? ancestors : 0,
    matchDepth: givenDepth(parameters, 'match_depth') ?? 0,
  };
}

/** Any number of generations is -1. */
function givenDepth(parameters: URLSearchParams, name: string): number | undefined {
  const text = givenText(parameters, name);
  if (text === undefined) return undefined;
  if (text === '-1') return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refuse(name, `invalid ${name}: expected -1 or a whole number`);
}

/** Their relations take some 200 bytes a span. */
const MAX_RELATED_SPANS = 1_000_000;

/** The spans that are wanted, some at a time. `read` begins to read the trace; it is called twice where relatives are wanted. */
export async function* filterTrace(
  { search, ancestorDepth, matchDepth }: TraceFilter,
  read: () => AsyncIterable<readonly Span[]>,
): AsyncGenerator<readonly Span[]> {
  const match = compileSearch(search);
  const matching = (spans: readonly Span[]): readonly Span[] => {
    const [first] = spans;
    const found =
      first === undefined ? [] : runWithoutPause(match({ traceId: first.traceId, spans }));
    return found.flatMap((spanset) =>
      spanset.spans.map((index) => spans[index]).filter((span) => span !== undefined),
    );
  };
  if (ancestorDepth === 0 && matchDepth === 0) {
    for await (const spans of read()) yield matching(spans);
    return;
  }
  const family = new Family();
  for await (const spans of read()) family.add(spans, matching(spans));
  const wanted = family.relatives(ancestorDepth, matchDepth);
  for await (const spans of read()) yield spans.filter(({ spanId }) => wanted.has(spanId));
}

/** Who is whose child, and who meets the filter. */
class Family {
  readonly #parents = new Map<SpanId, SpanId | undefined>();
  readonly #matched: SpanId[] = [];

  add(spans: readonly Span[], matching: readonly Span[]): void {
    for (const { spanId, parentSpanId } of spans) this.#parents.set(spanId, parentSpanId);
    for (const { spanId } of matching) this.#matched.push(spanId);
    const actual = this.#parents.size;
    if (actual <= MAX_RELATED_SPANS) return;
    const message = `relatives are kept of traces of at most ${MAX_RELATED_SPANS} spans`;
    throw new LimitError(message, { limit: MAX_RELATED_SPANS, actual });
  }

  /** Those that meet the filter and their relatives. */
  relatives(ancestorDepth: number, matchDepth: number): ReadonlySet<SpanId> {
    const wanted = new Set(this.#matched);
    for (const spanId of this.#matched) {
      const seen = new Set([spanId]);
      let parent = this.#parents.get(spanId);
      for (let depth = 0; depth < ancestorDepth && parent !== undefined; depth++) {
        if (seen.has(parent)) break;
        seen.add(parent);
        wanted.add(parent);
        parent = this.#parents.get(parent);
      }
    }
    if (matchDepth > 0) this.#addDescendants(wanted, matchDepth);
    return wanted;
  }

  #addDescendants(wanted: Set<SpanId>, matchDepth: number): void {
    const children = new Map<SpanId, SpanId[]>();
    for (const [spanId, parent] of this.#parents) {
      if (parent === undefined) continue;
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [spanId]);
      else siblings.push(spanId);
    }
    const seen = new Set(this.#matched);
    let generation: readonly SpanId[] = this.#matched;
    for (let depth = 0; depth < matchDepth && generation.length > 0; depth++) {
      generation = generation
        .flatMap((spanId) => children.get(spanId) ?? [])
        .filter((spanId) => !seen.has(spanId));
      for (const spanId of generation) {
        seen.add(spanId);
        wanted.add(spanId);
      }
    }
  }
}

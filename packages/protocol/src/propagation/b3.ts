import { parseSpanId, parseTraceId } from '@clew/model';
import type { SpanId, TraceId } from '@clew/model';

/** What B3 says about recording: yes, no, yes by all means, or nothing. */
export type B3Sampling = 'accept' | 'deny' | 'debug' | 'defer';

/** What B3 headers carry. A decision may come without ids: `b3: 0`. */
export interface B3Context {
  readonly ids: { readonly traceId: TraceId; readonly spanId: SpanId } | undefined;
  readonly sampling: B3Sampling;
}

/** The five headers of B3's older form, by what they carry; `undefined` for one that is not there. */
export interface B3Fields {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly sampled: string | undefined;
  readonly flags: string | undefined;
}

const STATE: Readonly<Record<B3Sampling, string>> = {
  accept: '1',
  deny: '0',
  debug: 'd',
  defer: '',
};
const TRACE_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** Reads the single `b3` header (OpenZipkin B3). A trace id of 64 bits gets zeros in front. `undefined` when malformed. */
export function parseB3(header: string): B3Context | undefined {
  const parts = header.split('-', 5);
  const [first = '', spanId, state, parentSpanId] = parts;
  if (parts.length === 1) {
    const sampling = parseState(first);
    return sampling && { ids: undefined, sampling };
  }
  const ids = parseIds(first, spanId);
  const sampling = state === undefined ? 'defer' : parseState(state);
  if (ids === undefined || sampling === undefined || parts.length > 4) return undefined;
  if (parentSpanId !== undefined && !SPAN_ID.test(parentSpanId)) return undefined;
  return { ids, sampling };
}

/**
 * Reads `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-Sampled` (`true` and `false` of older senders too) and `X-B3-Flags`. `undefined` when
 * one of the ids is missing or malformed, or when there is nothing at all.
 */
export function parseB3Fields({
  traceId,
  spanId,
  sampled,
  flags,
}: B3Fields): B3Context | undefined {
  const sampling = parseSampled(sampled, flags);
  if (traceId === undefined && spanId === undefined) {
    return sampling === 'defer' ? undefined : { ids: undefined, sampling };
  }
  const ids = parseIds(traceId, spanId);
  return ids && { ids, sampling };
}

/** Writes the single `b3` header; empty for a context that says nothing. */
export function formatB3({ ids, sampling }: B3Context): string {
  const state = STATE[sampling];
  if (ids === undefined) return state;
  return `${ids.traceId}-${ids.spanId}${state === '' ? '' : `-${state}`}`;
}

/** Writes the several headers; what is not to be sent is `undefined`. The debug flag implies that the span is sampled. */
export function formatB3Fields({ ids, sampling }: B3Context): B3Fields {
  return {
    traceId: ids?.traceId,
    spanId: ids?.spanId,
    sampled: sampling === 'accept' ? '1' : sampling === 'deny' ? '0' : undefined,
    flags: sampling === 'debug' ? '1' : undefined,
  };
}

function parseState(text: string): B3Sampling | undefined {
  switch (text) {
    case '1':
      return 'accept';
    case '0':
      return 'deny';
    case 'd':
      return 'debug';
    default:
      return undefined;
  }
}

function parseSampled(sampled: string | undefined, flags: string | undefined): B3Sampling {
  if (flags === '1') return 'debug';
  if (sampled === '1' || sampled === 'true') return 'accept';
  return sampled === '0' || sampled === 'false' ? 'deny' : 'defer';
}

function parseIds(traceIdText = '', spanIdText = ''): B3Context['ids'] {
  if (!TRACE_ID.test(traceIdText) || !SPAN_ID.test(spanIdText)) return undefined;
  const traceId = parseTraceId(traceIdText);
  const spanId = parseSpanId(spanIdText);
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

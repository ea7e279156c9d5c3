import { SPAN_KINDS, SPAN_STATUSES } from '../span.ts';
import type { TraceColumns } from '../trace-columns.ts';
import type { AnalysisOptions } from './analysis-options.ts';

/** How a span stands to its parent, in the order of the numbers in `Dependencies.relations`. */
export const SPAN_RELATIONS = ['root', 'awaited', 'asynchronous', 'outlasting'] as const;
export type SpanRelation = (typeof SPAN_RELATIONS)[number];

export const AWAITED: number = SPAN_RELATIONS.indexOf('awaited');
export const ASYNCHRONOUS: number = SPAN_RELATIONS.indexOf('asynchronous');
export const OUTLASTING: number = SPAN_RELATIONS.indexOf('outlasting');

export const FAILED: number = SPAN_STATUSES.indexOf('error');
export const CLIENT: number = SPAN_KINDS.indexOf('client');
export const SERVER: number = SPAN_KINDS.indexOf('server');
export const PRODUCER: number = SPAN_KINDS.indexOf('producer');
export const CONSUMER: number = SPAN_KINDS.indexOf('consumer');

/** How much two spans that follow each other may overlap, by the way clocks are read. */
export function jitterOf({ jitterShare, jitterNs }: AnalysisOptions, shorterNs: number): number {
  return Math.min(jitterNs, jitterShare * shorterNs);
}

/** Of each span, clocks corrected. */
interface SpanTimes {
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
}

/**
 * How `child`, which is not a root, stands to `parent`: an index into `SPAN_RELATIONS`. Of one that ends after its parent:
 *
 * - What takes a message is not waited for, nor is what begins when its parent has ended.
 * - A callee is waited for as long as its caller is there: it answers.
 * - Anything else is waited for if it was mostly done and only closed late: more than half of it lies within the parent,
 *   and it ends no later after it than `closingOf` has it. The rest was not meant to be waited for.
 *
 * What is waited for is cut to the parent, as CRISP does (Zhang et al., USENIX ATC 2022). CRISP cuts every child that
 * begins within its parent, for RPCs have no others; here calls that nobody waits for are ordinary.
 */
export function relateToParent(
  { kinds, serviceIndexes, durationsNs }: TraceColumns,
  { startsNs, endsNs }: SpanTimes,
  { parent, child }: { readonly parent: number; readonly child: number },
  options: AnalysisOptions,
): number {
  const isSameService = serviceIndexes[child] === serviceIndexes[parent];
  if (isOfMessage(kinds[child], kinds[parent], isSameService)) return ASYNCHRONOUS;
  const parentEndNs = endsNs[parent] ?? 0;
  const endsLaterNs = (endsNs[child] ?? 0) - parentEndNs;
  if (endsLaterNs <= 0) return AWAITED;
  if ((startsNs[child] ?? 0) >= parentEndNs) return OUTLASTING;
  if (kinds[child] === SERVER && kinds[parent] !== PRODUCER) return AWAITED;
  const durationNs = durationsNs[child] ?? 0;
  const isMostlyWithin = endsLaterNs < durationNs / 2;
  return isMostlyWithin && endsLaterNs <= closingOf(options, durationNs) ? AWAITED : OUTLASTING;
}

/** How long after its caller a span that takes `durationNs` may be closed, though its caller waited for it. */
export function closingOf(
  { maxClosingNs, maxClosingShare }: AnalysisOptions,
  durationNs: number,
): number {
  return Math.max(maxClosingNs, maxClosingShare * durationNs);
}

/** A service that takes a message as a part of its own work waits for that; who sent the message does not. */
export function isOfMessage(
  kind: number | undefined,
  parentKind: number | undefined,
  isSameService: boolean,
): boolean {
  return kind === CONSUMER && (parentKind === PRODUCER || !isSameService);
}

import type { TraceColumns } from '../../trace-columns.ts';
import type { AnalysisOptions } from '../analysis-options.ts';
import type { TraceTiming } from '../trace-timing.ts';

/** Where findings look. The root of the timing is the one whose duration they would save. */
export interface FindingContext {
  readonly columns: TraceColumns;
  readonly timing: TraceTiming;
  readonly options: AnalysisOptions;
}

/** What every finding has. Spans, services and names are indexes into the columns of the trace. */
interface Evidence {
  /** What would take less: the main root, or something that it does not wait for. Of what saves nothing, the main root. */
  readonly root: number;
  /** How much less that root would take without it; at most, where own work is assumed away. 0 for what costs no time. */
  readonly savingNs: number;
  /** The same as a share of the root's duration, 0 to 1. */
  readonly savingShare: number;
  /** The spans that show it, the first of them where they are more than `maxEvidenceSpans`. */
  readonly spans: readonly number[];
  readonly spanCount: number;
}

/** N+1: the same operation called again and again under one span, one after the other. One call for all would save all but the longest. */
export interface RepeatedCalls extends Evidence {
  readonly kind: 'repeated-calls';
  readonly parent: number;
  /** Whether they ask somebody, send messages, or, for all that is known, do work of their own. */
  readonly work: RepeatedWork;
  readonly totalNs: number;
}

export type RepeatedWork = 'call' | 'send' | 'own';

/** Calls, or messages, one after the other under one span, with nothing between: side by side they would take as long as the longest. */
export interface SequentialCalls extends Evidence {
  readonly kind: 'sequential-calls';
  readonly parent: number;
  readonly totalNs: number;
  readonly longestNs: number;
}

/** Attempts at the same operation, of which all but the last failed, or all. */
export interface Retries extends Evidence {
  readonly kind: 'retries';
  readonly parent: number;
  /** The span with the name of what was tried: the first attempt, or the call in it. */
  readonly tried: number;
  readonly hasSucceeded: boolean;
  /** Whether they may be a loop over different things, too: all failed, and they are more than `maxAttempts`. */
  readonly mayBeLoop: boolean;
  /** How long the attempts took that were not the last. */
  readonly failedNs: number;
  /** How long the parent waited between attempts. */
  readonly pausesNs: number;
}

/**
 * Calls on the critical path that took longer to get to a service than back: connecting, or queueing there. That way and back take
 * equally long otherwise is taken for granted.
 */
export interface WaitingCalls extends Evidence {
  readonly kind: 'waiting-calls';
  readonly service: number;
  /** From the calls' starts to the servers', added up. */
  readonly waitedNs: number;
}

/** Messages that waited between the end of their sending and the start of their consumer. */
export interface WaitingMessages extends Evidence {
  readonly kind: 'waiting-messages';
  /** Of the consumers. */
  readonly service: number;
  readonly longestNs: number;
}

/**
 * A service, an operation of something that sends no spans, or one of the root's own service, whose own work is a large share of the
 * critical path.
 */
export interface SlowDependency extends Evidence {
  readonly kind: 'slow-dependency';
  /** The one that works, or the one that calls what sends no spans. */
  readonly service: number;
  /** Of the operation; -1 where it is all that the service does. */
  readonly name: number;
  readonly pathNs: number;
}

/**
 * How a failure stands to the root of the analysis: the root failed of it; the root waited for it, and does not say that it failed; or
 * the root did not wait for it; what waited for it went on for long with success and failed later; or what waited for it says that all
 * is well.
 */
export type ErrorReach = 'root' | 'within' | 'apart' | 'followed' | 'handled';

/** Where a failure began; the spans are those it went through, from the outermost that failed down to its origin. */
export interface ErrorOrigin extends Evidence {
  readonly kind: 'error-origin';
  readonly origin: number;
  readonly reach: ErrorReach;
  /** How many failures went from this operation to that one; the spans are those of the first. */
  readonly wayCount: number;
  readonly serviceCount: number;
  /** False where a span between did not fail: it may have dealt with the error. */
  readonly isUnbroken: boolean;
  /** False where a span on the way did something else with success after the failure, or went on for long: it may have failed of that. */
  readonly isCertain: boolean;
  /** Whether the origin went on for long, with success, after failures below it: these are told as `followed`. */
  readonly hasGoneOn: boolean;
  /** What went well after it, where it was `followed`; what says that all is well, where it was `handled`; else -1. */
  readonly witness: number;
  /** The service whose answer was the error, and which does not say that it failed; -1 where the origin called none. */
  readonly silentService: number;
}

/** Failures beyond the `maxErrorOrigins` that are told; the spans are where they began. */
export interface OtherErrors extends Evidence {
  readonly kind: 'other-errors';
  /** From how many operations to how many they went, each way once; `spanCount` is how many failures there are. */
  readonly wayCount: number;
  /** Whether all of them were below spans that say that all is well. */
  readonly areHandled: boolean;
}

/** What went on when its caller had given up; the spans are those that did. */
export interface AbandonedWork extends Evidence {
  readonly kind: 'abandoned-work';
  /** How long they went on, added up. */
  readonly afterNs: number;
}

/** Spans that were cancelled, without those that were with their parents. */
export interface CancelledWork extends Evidence {
  readonly kind: 'cancelled-work';
  readonly lostNs: number;
}

/** Spans whose parent is not in the trace. */
export interface MissingParents extends Evidence {
  readonly kind: 'missing-parents';
  readonly missingCount: number;
}

/** Calls whose server sent no span, while those of most calls of the same operation did. */
export interface MissingServers extends Evidence {
  readonly kind: 'missing-servers';
  readonly service: number;
  readonly name: number;
  readonly servedCount: number;
}

export type Finding =
  | ErrorOrigin
  | OtherErrors
  | RepeatedCalls
  | SequentialCalls
  | Retries
  | WaitingCalls
  | SlowDependency
  | WaitingMessages
  | AbandonedWork
  | CancelledWork
  | MissingParents
  | MissingServers;

export type FindingKind = Finding['kind'];

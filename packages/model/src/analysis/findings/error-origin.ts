import { SPAN_STATUSES } from '../../span.ts';
import { AWAITED, CLIENT, FAILED, SERVER } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import { explainFailures } from './explain-failures.ts';
import type { FailureCauses } from './explain-failures.ts';
import type { ErrorOrigin, ErrorReach, FindingContext, OtherErrors } from './finding.ts';

const OK = SPAN_STATUSES.indexOf('ok');

/**
 * Where errors began, whether or not the root says that it failed: a server that answers with 404 does not
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status), and what nobody waits for fails by itself. From each
 * outermost span that failed down to what explains it, and from there on, until nothing that was waited for failed. Ways
 * from and to the same operations are told once: first what the root failed of, then by how many failures they stand for. Those
 * beyond `maxErrorOrigins` are counted. Linear.
 */
export function findErrorOrigins(context: FindingContext): readonly (ErrorOrigin | OtherErrors)[] {
  const { maxErrorOrigins } = context.options;
  if (!context.columns.statuses.includes(FAILED)) return [];
  const failures = explainFailures(context);
  const ways = [...groupWays(context, failures).values()].toSorted(compareWays);
  const told = ways.slice(0, maxErrorOrigins).map((way) => describeWay(context, failures, way));
  const others = ways.slice(maxErrorOrigins);
  if (others.length === 0) return told;
  const origins = others.flatMap((way) => way.origins);
  return [
    ...told,
    {
      kind: 'other-errors',
      ...listEvidence(context, origins),
      wayCount: others.length,
      areHandled: others.every(({ reach }) => reach === 'handled'),
    },
  ];
}

/** In the order in which they are told, but for what more failures are alike than others. */
const REACHES: readonly ErrorReach[] = ['root', 'within', 'apart', 'followed', 'handled'];

function compareWays(a: Way, b: Way): number {
  const isRoot = Number(b.reach === 'root') - Number(a.reach === 'root');
  const isHandled = Number(a.reach === 'handled') - Number(b.reach === 'handled');
  const more = b.origins.length - a.origins.length;
  return isRoot || isHandled || more || REACHES.indexOf(a.reach) - REACHES.indexOf(b.reach);
}

function describeWay(
  context: FindingContext,
  failures: FailureCauses,
  { top, origins: [origin = top, ...alike], reach, witness }: Way,
): ErrorOrigin {
  const { way, isUnbroken, isCertain } = walk(context, failures, top);
  const services = new Set(way.map((span) => context.columns.serviceIndexes[span]));
  return {
    kind: 'error-origin',
    ...listEvidence(context, way),
    origin,
    reach,
    wayCount: 1 + alike.length,
    serviceCount: services.size,
    isUnbroken,
    isCertain,
    hasGoneOn: failures.wentOn[origin] === 1,
    witness,
    silentService: findSilentService(context, origin),
  };
}

/** From an outermost span that failed to where its failure began. */
interface Way {
  readonly top: number;
  readonly reach: ErrorReach;
  readonly witness: number;
  /** Of all failures that are alike; that of `top` first. */
  readonly origins: number[];
}

/** By where they begin and end. */
function groupWays(context: FindingContext, failures: FailureCauses): ReadonlyMap<string, Way> {
  const { columns, timing } = context;
  const { serviceIndexes, nameIndexes } = columns;
  const origins = findOrigins(context, failures);
  const ways = new Map<string, Way>();
  for (const each of listTops(context, failures)) {
    const { top, witness } = each;
    const origin = origins[top] ?? top;
    const reach = reachOf(timing, each);
    const key = [
      reach,
      ...[top, origin].flatMap((span) => [serviceIndexes[span], nameIndexes[span]]),
    ].join();
    const known = ways.get(key);
    if (known === undefined) ways.set(key, { top, reach, witness, origins: [origin] });
    else known.origins.push(origin);
  }
  return ways;
}

function reachOf(
  { root }: FindingContext['timing'],
  { top, start, witness, isHandled }: Top,
): ErrorReach {
  if (witness >= 0) return isHandled ? 'handled' : 'followed';
  if (top === root) return 'root';
  return start === root ? 'within' : 'apart';
}

interface Top {
  readonly top: number;
  /** The span above it, or itself, that nobody waits for. */
  readonly start: number;
  /** As of `ErrorOrigin`. */
  readonly witness: number;
  readonly isHandled: boolean;
}

/** The outermost spans that failed, and that nothing above has made good, by start. */
function listTops(context: FindingContext, failures: FailureCauses): readonly Top[] {
  const pass = new TopPass(context, failures);
  for (const span of context.timing.dependencies.tree.order) pass.look(span);
  return pass.tops.sort((a, b) => a.top - b.top);
}

/** From the roots down. */
class TopPass {
  readonly tops: Top[] = [];
  readonly #context: FindingContext;
  readonly #failures: FailureCauses;
  readonly #starts: Int32Array;
  /** What went well after it or what is above it, or says that all is well; -1 for neither. */
  readonly #witnesses: Int32Array;
  /** 1 for spans of which that says that all is well. */
  readonly #isHandled: Uint8Array;
  /** 1 for spans whose children are looked at. */
  readonly #isLooked: Uint8Array;
  /** 1 for spans on the way from one that is told to its origin. */
  readonly #isOnWay: Uint8Array;

  constructor(context: FindingContext, failures: FailureCauses) {
    const { spanCount } = context.columns;
    this.#context = context;
    this.#failures = failures;
    this.#starts = new Int32Array(spanCount);
    this.#witnesses = new Int32Array(spanCount).fill(-1);
    this.#isHandled = new Uint8Array(spanCount);
    this.#isLooked = new Uint8Array(spanCount);
    this.#isOnWay = new Uint8Array(spanCount);
  }

  /** What is above it must have been looked at. */
  look(span: number): void {
    const { columns, timing } = this.#context;
    const { causes, counts, madeGood, followers } = this.#failures;
    const parent = timing.dependencies.tree.parents[span] ?? -1;
    const status = columns.statuses[span];
    if (timing.dependencies.relations[span] !== AWAITED) {
      this.#starts[span] = span;
      this.#open(span);
      return;
    }
    this.#starts[span] = this.#starts[parent] ?? span;
    this.#witnesses[span] = this.#witnesses[parent] ?? -1;
    this.#isHandled[span] = this.#isHandled[parent] ?? 0;
    const isOnWay = this.#isOnWay[parent] === 1;
    if (isOnWay && causes[parent] === span) this.#isOnWay[span] = 1;
    else if (isOnWay && (followers[span] ?? -1) >= 0) {
      this.#witnesses[span] = followers[span] ?? -1;
      this.#isHandled[span] = 0;
      this.#open(span);
    } else if (this.#isLooked[parent] === 1) {
      const isOpen = status === FAILED ? counts[span] === 1 : madeGood[span] !== 1;
      if (isOpen) this.#open(span);
    }
  }

  #open(span: number): void {
    const { statuses } = this.#context.columns;
    if (statuses[span] !== FAILED) {
      this.#isLooked[span] = 1;
      if (statuses[span] === OK) {
        this.#witnesses[span] = span;
        this.#isHandled[span] = 1;
      }
      return;
    }
    this.#isOnWay[span] = 1;
    const witness = this.#witnesses[span] ?? -1;
    const isHandled = this.#isHandled[span] === 1;
    this.tops.push({ top: span, start: this.#starts[span] ?? span, witness, isHandled });
  }
}

/** Where the way down from each span ends. */
function findOrigins({ timing }: FindingContext, { causes }: FailureCauses): Int32Array {
  const { order } = timing.dependencies.tree;
  const origins = new Int32Array(order.length);
  for (let row = order.length - 1; row >= 0; row--) {
    const span = order[row] ?? 0;
    const cause = causes[span] ?? -1;
    origins[span] = cause < 0 ? span : (origins[cause] ?? cause);
  }
  return origins;
}

function walk(
  { columns }: FindingContext,
  { causes, doubts }: FailureCauses,
  top: number,
): {
  readonly way: readonly number[];
  readonly isUnbroken: boolean;
  readonly isCertain: boolean;
} {
  const way = [top];
  let isUnbroken = true;
  let isCertain = true;
  for (let span = causes[top] ?? -1; span >= 0; span = causes[span] ?? -1) {
    if (columns.statuses[span] !== FAILED) isUnbroken = false;
    if (doubts[span] === 1) isCertain = false;
    way.push(span);
  }
  return { way, isUnbroken, isCertain };
}

/** The service that a failed call reached, and which does not say that it failed: its answer was the error. */
function findSilentService({ columns, timing }: FindingContext, origin: number): number {
  const { firsts, awaited, awaitedCounts } = timing.dependencies;
  if (columns.kinds[origin] !== CLIENT) return -1;
  const from = firsts[origin] ?? 0;
  const server = awaited
    .subarray(from, from + (awaitedCounts[origin] ?? 0))
    .findLast((child) => columns.kinds[child] === SERVER);
  return server === undefined ? -1 : (columns.serviceIndexes[server] ?? -1);
}

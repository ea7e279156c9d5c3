import { SPAN_STATUSES } from '../../span.ts';
import { AWAITED, CLIENT, FAILED, SERVER } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import { explainFailures } from './explain-failures.ts';
import type { FailureCauses } from './explain-failures.ts';
import type { ErrorOrigin, ErrorReach, FindingContext, OtherErrors } from './finding.ts';

const UNSET = SPAN_STATUSES.indexOf('unset');

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
    { kind: 'other-errors', ...listEvidence(context, origins), wayCount: others.length },
  ];
}

/** In the order in which they are told, but for what more failures are alike than others. */
const REACHES: readonly ErrorReach[] = ['root', 'within', 'apart'];

function compareWays(a: Way, b: Way): number {
  const isRoot = Number(b.reach === 'root') - Number(a.reach === 'root');
  const more = b.origins.length - a.origins.length;
  return isRoot || more || REACHES.indexOf(a.reach) - REACHES.indexOf(b.reach);
}

function describeWay(
  context: FindingContext,
  failures: FailureCauses,
  { top, origins: [origin = top, ...alike], reach }: Way,
): ErrorOrigin {
  const { way, isUnbroken } = walk(context, failures, top);
  const services = new Set(way.map((span) => context.columns.serviceIndexes[span]));
  return {
    kind: 'error-origin',
    ...listEvidence(context, way),
    origin,
    reach,
    wayCount: 1 + alike.length,
    serviceCount: services.size,
    isUnbroken,
    silentService: findSilentService(context, origin),
  };
}

/** From an outermost span that failed to where its failure began. */
interface Way {
  readonly top: number;
  readonly reach: ErrorReach;
  /** Of all failures that are alike; that of `top` first. */
  readonly origins: number[];
}

/** By where they begin and end. */
function groupWays(context: FindingContext, failures: FailureCauses): ReadonlyMap<string, Way> {
  const { columns, timing } = context;
  const { serviceIndexes, nameIndexes } = columns;
  const origins = findOrigins(context, failures);
  const ways = new Map<string, Way>();
  for (const { top, start } of listTops(context, failures)) {
    const origin = origins[top] ?? top;
    const reach = reachOf(timing, { top, start });
    const key = [
      reach,
      ...[top, origin].flatMap((span) => [serviceIndexes[span], nameIndexes[span]]),
    ].join();
    const known = ways.get(key);
    if (known === undefined) ways.set(key, { top, reach, origins: [origin] });
    else known.origins.push(origin);
  }
  return ways;
}

function reachOf({ root }: FindingContext['timing'], { top, start }: Top): ErrorReach {
  if (top === root) return 'root';
  return start === root ? 'within' : 'apart';
}

interface Top {
  readonly top: number;
  /** The span above it, or itself, that nobody waits for. */
  readonly start: number;
}

/** The outermost spans that failed, and that nothing above has made good, by start. */
function listTops({ columns, timing }: FindingContext, { counts }: FailureCauses): readonly Top[] {
  const { tree, relations } = timing.dependencies;
  const starts = new Int32Array(columns.spanCount);
  const isLooked = new Uint8Array(columns.spanCount);
  const tops: Top[] = [];
  for (const span of tree.order) {
    const parent = tree.parents[span] ?? -1;
    const isStart = relations[span] !== AWAITED;
    starts[span] = isStart ? span : (starts[parent] ?? span);
    if (!isStart && (isLooked[parent] !== 1 || counts[span] !== 1)) continue;
    if (columns.statuses[span] === UNSET) isLooked[span] = 1;
    if (columns.statuses[span] === FAILED) tops.push({ top: span, start: starts[span] ?? span });
  }
  return tops.sort((a, b) => a.top - b.top);
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
  { causes }: FailureCauses,
  top: number,
): { readonly way: readonly number[]; readonly isUnbroken: boolean } {
  const way = [top];
  let isUnbroken = true;
  for (let span = causes[top] ?? -1; span >= 0; span = causes[span] ?? -1) {
    if (columns.statuses[span] !== FAILED) isUnbroken = false;
    way.push(span);
  }
  return { way, isUnbroken };
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

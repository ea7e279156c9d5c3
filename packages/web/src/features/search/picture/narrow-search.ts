import {
  compareField,
  filterOf,
  intrinsicField,
  joinConditions,
  parseQuery,
  printQuery,
} from '@clew/traceql';
import type { Expression, SearchQuery, Stage } from '@clew/traceql';
import { QuerySyntaxError } from '@clew/model';
import { nanosFromMs } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { writeDuration } from '../form/write-duration.ts';
import type { HeatmapBox } from './heatmap.ts';

/** Asks for what is inside of a box: its time, and of the spans that match those of its durations. */
export function narrowSearch(state: ResolvedSearchState, box: HeatmapBox): ResolvedSearchState {
  const start = nanosFromMs(Math.floor(box.startMs));
  const end = nanosFromMs(Math.ceil(box.endMs));
  const durations = { min: roundDown(box.minNs), max: roundUp(box.maxNs) };
  const timed = { ...state, start, end, lookback: undefined };
  if (state.q !== undefined) return { ...timed, q: narrowQuery(state.q, durations) };
  return {
    ...timed,
    minDuration: durations.min === undefined ? state.minDuration : writeDuration(durations.min),
    maxDuration: durations.max === undefined ? state.maxDuration : writeDuration(durations.max),
  };
}

/** The same around its middle for twice as long, ending no later than now. */
export function zoomOut(state: ResolvedSearchState, nowMs: number): ResolvedSearchState {
  const [start, end] = [BigInt(state.start), BigInt(state.end)];
  const length = end - start;
  const now = BigInt(nanosFromMs(nowMs));
  const latest = end > now ? end : now;
  const wantedEnd = end + length / 2n;
  const newEnd = wantedEnd < latest ? wantedEnd : latest;
  const newStart = newEnd - 2n * length;
  const firstStart = newStart > 0n ? newStart : 0n;
  return { ...state, start: String(firstStart), end: String(newEnd), lookback: undefined };
}

interface Durations {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Two digits are as fine as a box is drawn. */
function roundDown(ns: number | undefined): number | undefined {
  if (ns === undefined) return undefined;
  const unit = unitOf(ns);
  return Math.floor(ns / unit + 1e-9) * unit;
}

function roundUp(ns: number | undefined): number | undefined {
  if (ns === undefined) return undefined;
  const unit = unitOf(ns);
  return Math.ceil(ns / unit - 1e-9) * unit;
}

function unitOf(ns: number): number {
  return 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, ns))) - 1);
}

const DURATION = intrinsicField('span:duration');

/** Adds the bounds to a query: to its only filter, in the place of such bounds, or as one more filter behind its stages. */
function narrowQuery(text: string, { min, max }: Durations): string {
  const bounds = [
    ...(min === undefined ? [] : [boundOf('>=', min)]),
    ...(max === undefined ? [] : [boundOf('<=', max)]),
  ];
  const query = bounds.length === 0 ? undefined : parseSearch(text);
  if (query === undefined) return text;
  const { stages } = query.pipeline;
  const last = stages.at(-1);
  const before = stages.slice(0, -1);
  const narrowed: readonly Stage[] =
    last?.kind === 'filter' && (before.length === 0 || isOfDurations(last.condition))
      ? [
          ...before,
          filterOf(joinConditions('&&', [...othersThan(last.condition, min, max), ...bounds])),
        ]
      : [...stages, filterOf(joinConditions('&&', bounds))];
  const pipeline = { ...query.pipeline, stages: narrowed as readonly [Stage, ...Stage[]] };
  return printQuery({ ...query, pipeline });
}

function parseSearch(text: string): SearchQuery | undefined {
  try {
    const query = parseQuery(text);
    return query.kind === 'search' ? query : undefined;
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

function boundOf(operator: '>=' | '<=', ns: number): Expression {
  return compareField(operator, DURATION, { type: 'duration', value: BigInt(Math.round(ns)) });
}

/** The conditions that all hold, without those that a new bound takes the place of. */
function othersThan(
  condition: Expression | undefined,
  min: number | undefined,
  max: number | undefined,
): readonly Expression[] {
  return conditionsOf(condition).filter((each) => {
    const side = boundedSide(each);
    return !((side === 'min' && min !== undefined) || (side === 'max' && max !== undefined));
  });
}

function isOfDurations(condition: Expression | undefined): boolean {
  return conditionsOf(condition).every((each) => boundedSide(each) !== undefined);
}

function conditionsOf(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== '&&') return [condition];
  return [...conditionsOf(condition.left), ...conditionsOf(condition.right)];
}

/** Which end of the durations a condition cuts off. */
function boundedSide(condition: Expression): 'min' | 'max' | undefined {
  if (condition.kind !== 'binary' || condition.right.kind !== 'literal') return undefined;
  const { left, operator } = condition;
  if (left.kind !== 'intrinsic' || left.name !== 'span:duration') return undefined;
  if (operator === '>=' || operator === '>') return 'min';
  return operator === '<=' || operator === '<' ? 'max' : undefined;
}

/** The groups of a trace's spans with their figures: the whole table of the statistics in one step, as much as a worker is asked for. */
import type { AttributeValues } from '../span-attribute.ts';
import type { TraceView } from '../trace-view.ts';
import { groupByValue, groupSpans } from './group-spans.ts';
import type { GroupSource, Grouping, SpanGroups } from './group-spans.ts';
import { summarizeGroups } from './summarize-groups.ts';
import type { FigureSource, GroupFigures } from './summarize-groups.ts';

/** What is needed of a trace: as much as is sent to a worker. */
export interface GroupQuestion extends GroupSource, FigureSource {
  readonly by: Grouping | AttributeValues;
}

export interface GroupTable {
  readonly groups: SpanGroups;
  readonly figures: GroupFigures;
}

export function pickGroupQuestion(view: TraceView, by: GroupQuestion['by']): GroupQuestion {
  const { services, serviceIndexes, spanCount, durationsNs, errors } = view;
  const { names, nameIndexes, kinds, statuses } = view.columns;
  return {
    by,
    services,
    serviceIndexes,
    spanCount,
    durationsNs,
    errors,
    columns: { names, nameIndexes, kinds, statuses },
    coverage: { selfTimesNs: view.coverage.selfTimesNs },
  };
}

export function tabulateGroups(question: GroupQuestion): GroupTable {
  const { by } = question;
  const groups = typeof by === 'string' ? groupSpans(question, by) : groupByValue(by);
  return { groups, figures: summarizeGroups(question, groups) };
}

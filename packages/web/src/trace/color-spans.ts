/** What the colours of bars stand for: the service, something else that every span has, or the value of an attribute. */
import { SPAN_KINDS, SPAN_STATUSES, unreachable } from '@clew/model';
import { ERROR_COLOR_INDEX, NO_COLOR_INDEX, serviceColorIndex } from '../base/service-color.ts';
import { groupByValue } from './groups/group-spans.ts';
import type { AttributeValues, SpanAttribute } from './span-attribute.ts';
import type { TraceView } from './trace-view.ts';

export const COLORINGS = ['service', 'name', 'kind', 'status'] as const;
/** What the columns of a trace know. */
type KnownColoring = (typeof COLORINGS)[number];
export type Coloring = KnownColoring | SpanAttribute;

/** Spans that are alike in what colours stand for. */
export interface ColorGroup {
  /** Undefined of spans that have nothing of what colours stand for. */
  readonly label: string | undefined;
  /** Index into the palette. */
  readonly color: number;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface SpanColors {
  /** Index into the palette, over the index of the span. */
  readonly colors: Uint8Array;
  /** Those that have spans, most spans first. */
  readonly groups: readonly ColorGroup[];
}

/** Colours of the palette that lie far apart, in the order of `SPAN_KINDS`. */
const KIND_COLORS = [6, 8, 21, 9, 5, 7] as const;
/** In the order of `SPAN_STATUSES`: what says nothing is grey, what went well is green. */
const STATUS_COLORS = [8, 9, ERROR_COLOR_INDEX] as const;

/** Colours the spans of a trace. Names, like services, have the same colour in every trace. */
export function colorSpans(view: TraceView, coloring: KnownColoring): SpanColors {
  const { columns } = view;
  switch (coloring) {
    case 'service':
      return countGroups(view, {
        labels: view.services.map(({ service }) => service),
        groupOf: view.serviceIndexes,
        colorOf: (_, label) => serviceColorIndex(label),
      });
    case 'name':
      return countGroups(view, {
        labels: columns.names,
        groupOf: columns.nameIndexes,
        colorOf: (_, label) => serviceColorIndex(label),
      });
    case 'kind':
      return countGroups(view, {
        labels: SPAN_KINDS,
        groupOf: columns.kinds,
        colorOf: (group) => KIND_COLORS[group] ?? 0,
      });
    case 'status':
      return countGroups(view, {
        labels: SPAN_STATUSES,
        groupOf: columns.statuses,
        colorOf: (group) => STATUS_COLORS[group] ?? 0,
      });
    default:
      return unreachable(coloring);
  }
}

/** Colours spans by an attribute: a value has its colour in every trace, and spans without one are grey. */
export function colorByValue(view: TraceView, values: AttributeValues): SpanColors {
  return countGroups(view, {
    labels: [...values.texts, undefined],
    groupOf: groupByValue(values).groupOf,
    colorOf: (_, label) => (label === undefined ? NO_COLOR_INDEX : serviceColorIndex(label)),
  });
}

/** The groups of either; undefined while the values of the attribute are on their way. */
export function groupColors(
  view: TraceView,
  coloring: Coloring,
  values: AttributeValues | undefined,
): readonly ColorGroup[] | undefined {
  if (typeof coloring === 'string') return colorSpans(view, coloring).groups;
  return values === undefined ? undefined : colorByValue(view, values).groups;
}

interface Grouping<Label extends string | undefined> {
  readonly labels: readonly Label[];
  readonly groupOf: Uint8Array | Uint32Array;
  readonly colorOf: (group: number, label: Label) => number;
}

function countGroups<Label extends string | undefined>(
  { spanCount, errors }: TraceView,
  grouping: Grouping<Label>,
): SpanColors {
  const { labels, groupOf } = grouping;
  const colorOfGroup = labels.map((label, group) => grouping.colorOf(group, label));
  const spanCounts = new Uint32Array(labels.length);
  const errorCounts = new Uint32Array(labels.length);
  const colors = new Uint8Array(spanCount);
  for (let index = 0; index < spanCount; index++) {
    const group = groupOf[index] ?? 0;
    colors[index] = colorOfGroup[group] ?? 0;
    spanCounts[group] = (spanCounts[group] ?? 0) + 1;
    errorCounts[group] = (errorCounts[group] ?? 0) + (errors[index] ?? 0);
  }
  const groups = labels
    .map((label, group) => ({
      label,
      color: colorOfGroup[group] ?? 0,
      spanCount: spanCounts[group] ?? 0,
      errorCount: errorCounts[group] ?? 0,
    }))
    .filter((group) => group.spanCount > 0)
    .sort((a, b) => b.spanCount - a.spanCount);
  return { colors, groups };
}

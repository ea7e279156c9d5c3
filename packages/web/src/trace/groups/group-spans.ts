/** Puts the spans of a trace into groups by what they have in common. */
import { SPAN_KINDS, SPAN_STATUSES, unreachable } from '@clew/model';
import type { AttributeValues } from '../span-attribute.ts';
import type { TraceView } from '../trace-view.ts';

/** What every span has, and the trace's columns therefore know. */
export const GROUPINGS = ['service', 'name', 'operation', 'kind', 'status'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Of a group: what its spans have in common. Both texts may be missing, as of spans without an attribute. */
export interface GroupLabel {
  readonly text: string | undefined;
  /** Where the text alone says too little, or is the name of a service. */
  readonly service?: string | undefined;
}

export interface SpanGroups {
  readonly labels: readonly GroupLabel[];
  /** The group of each span. */
  readonly groupOf: Uint32Array;
}

/** What grouping needs of a trace. */
export interface GroupSource extends Omit<OperationSource, 'columns'> {
  readonly columns: Pick<TraceView['columns'], 'names' | 'nameIndexes' | 'kinds' | 'statuses'>;
}

export function groupSpans(view: GroupSource, by: Grouping): SpanGroups {
  const { columns } = view;
  switch (by) {
    case 'service':
      return groupByService(view);
    case 'name':
      return { labels: columns.names.map((text) => ({ text })), groupOf: columns.nameIndexes };
    case 'operation':
      return groupByOperation(view);
    case 'kind':
      return {
        labels: SPAN_KINDS.map((text) => ({ text })),
        groupOf: Uint32Array.from(columns.kinds),
      };
    case 'status':
      return {
        labels: SPAN_STATUSES.map((text) => ({ text })),
        groupOf: Uint32Array.from(columns.statuses),
      };
    default:
      return unreachable(by);
  }
}

/** What grouping by operation needs of a trace. */
export interface OperationSource extends Pick<
  TraceView,
  'services' | 'serviceIndexes' | 'spanCount'
> {
  readonly columns: Pick<TraceView['columns'], 'names' | 'nameIndexes'>;
}

export function groupByService({
  services,
  serviceIndexes,
}: Pick<TraceView, 'services' | 'serviceIndexes'>): SpanGroups {
  return {
    labels: services.map(({ service }) => ({ text: undefined, service })),
    groupOf: serviceIndexes,
  };
}

/** By service and span name together: what calls itself a piece of work. */
export function groupByOperation(view: OperationSource): SpanGroups {
  const { columns, services, serviceIndexes, spanCount } = view;
  const nameCount = columns.names.length;
  const groups = new Map<number, number>();
  const labels: GroupLabel[] = [];
  const groupOf = new Uint32Array(spanCount);
  for (let index = 0; index < spanCount; index++) {
    const service = serviceIndexes[index] ?? 0;
    const name = columns.nameIndexes[index] ?? 0;
    const key = service * nameCount + name;
    let group = groups.get(key);
    if (group === undefined) {
      group = labels.length;
      groups.set(key, group);
      labels.push({ text: columns.names[name], service: services[service]?.service });
    }
    groupOf[index] = group;
  }
  return { labels, groupOf };
}

/** Spans without a value are the last group. */
export function groupByValue({ texts, indexes }: AttributeValues): SpanGroups {
  return {
    labels: [...texts.map((text) => ({ text })), { text: undefined }],
    groupOf: Uint32Array.from(indexes, (value) => (value < 0 ? texts.length : value)),
  };
}

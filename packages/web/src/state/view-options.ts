/** The pictures of a trace, and what one chooses in each, as it stands in the address. */
import { z } from 'zod';
import { FLAME_WIDTHS } from '../trace/flame/layout-flame.ts';
import type { FlameWidth } from '../trace/flame/layout-flame.ts';
import { GRAPH_NODES } from '../trace/graph/build-call-graph.ts';
import type { GraphNodes } from '../trace/graph/build-call-graph.ts';
import { GROUPINGS } from '../trace/groups/group-spans.ts';
import type { Grouping } from '../trace/groups/group-spans.ts';
import { GROUP_ORDERS } from '../trace/groups/order-groups.ts';
import type { GroupOrder } from '../trace/groups/order-groups.ts';
import { formatAttribute, parseAttribute } from '../trace/span-attribute.ts';
import type { SpanAttribute } from '../trace/span-attribute.ts';
import { SPAN_ORDERS } from '../trace/order-spans.ts';
import type { Sorting, SpanOrder } from '../trace/order-spans.ts';
import type { QueryValues } from './query-string.ts';

/** In the order of their tabs, and of the keys 1 to 7. */
export const TRACE_PAGES = [
  'timeline',
  'flame',
  'graph',
  'statistics',
  'spans',
  'events',
  'json',
] as const;
export type TracePageName = (typeof TRACE_PAGES)[number];

/** What the rows of the statistics have in common: something of every span, or an attribute. */
export type GroupBy = Grouping | SpanAttribute;

export const SPAN_FILTERS = ['all', 'failed', 'found'] as const;
export type SpanFilter = (typeof SPAN_FILTERS)[number];

export const EVENT_FILTERS = ['all', 'exceptions'] as const;
export type EventFilter = (typeof EVENT_FILTERS)[number];

export const JSON_FORMS = ['clew', 'otlp'] as const;
export type JsonForm = (typeof JSON_FORMS)[number];

export interface ViewOptions {
  readonly flameWidth: FlameWidth;
  /** A span of the frame that the flame graph is zoomed to, by its key; see `span-key.ts`. */
  readonly flameFrame: string | undefined;
  /** The flame graph and the call graph as tables. */
  readonly asTable: boolean;
  readonly graphNodes: GraphNodes;
  readonly groupBy: GroupBy;
  readonly groupSorting: Sorting<GroupOrder>;
  readonly spanSorting: Sorting<SpanOrder>;
  readonly spanFilter: SpanFilter;
  readonly eventFilter: EventFilter;
  readonly jsonForm: JsonForm;
}

export const DEFAULT_OPTIONS: ViewOptions = {
  flameWidth: 'total',
  flameFrame: undefined,
  asTable: false,
  graphNodes: 'service',
  groupBy: 'operation',
  groupSorting: { by: 'self', direction: -1 },
  spanSorting: { by: 'start', direction: 1 },
  spanFilter: 'all',
  eventFilter: 'all',
  jsonForm: 'clew',
};

const text = z.string().optional().catch(undefined);
const schema = z.object({
  width: z.enum(FLAME_WIDTHS).catch(DEFAULT_OPTIONS.flameWidth),
  frame: text,
  as: z.literal('table').optional().catch(undefined),
  nodes: z.enum(GRAPH_NODES).catch(DEFAULT_OPTIONS.graphNodes),
  group: text,
  groupSort: text,
  sort: text,
  only: z.enum(SPAN_FILTERS).catch(DEFAULT_OPTIONS.spanFilter),
  events: z.enum(EVENT_FILTERS).catch(DEFAULT_OPTIONS.eventFilter),
  form: z.enum(JSON_FORMS).catch(DEFAULT_OPTIONS.jsonForm),
});

export function parseViewOptions(values: QueryValues): ViewOptions {
  const parsed = schema.parse(values);
  const { width, frame, as, nodes, group, groupSort, sort, only, events, form } = parsed;
  return {
    flameWidth: width,
    flameFrame: frame,
    asTable: as === 'table',
    graphNodes: nodes,
    groupBy: parseGroupBy(group),
    groupSorting: parseSorting(groupSort, GROUP_ORDERS) ?? DEFAULT_OPTIONS.groupSorting,
    spanSorting: parseSorting(sort, SPAN_ORDERS) ?? DEFAULT_OPTIONS.spanSorting,
    spanFilter: only,
    eventFilter: events,
    jsonForm: form,
  };
}

/** Of all pictures, for one goes back and forth between them; what is as by default is left out. */
export function formatViewOptions(options: ViewOptions): QueryValues {
  const unlessDefault = (write: (from: ViewOptions) => string | undefined) => {
    const value = write(options);
    return value === write(DEFAULT_OPTIONS) ? undefined : value;
  };
  return {
    width: unlessDefault(({ flameWidth }) => flameWidth),
    frame: options.flameFrame,
    as: options.asTable ? 'table' : undefined,
    nodes: unlessDefault(({ graphNodes }) => graphNodes),
    group: unlessDefault(({ groupBy }) => formatGroupBy(groupBy)),
    groupSort: unlessDefault(({ groupSorting }) => formatSorting(groupSorting)),
    sort: unlessDefault(({ spanSorting }) => formatSorting(spanSorting)),
    only: unlessDefault(({ spanFilter }) => spanFilter),
    events: unlessDefault(({ eventFilter }) => eventFilter),
    form: unlessDefault(({ jsonForm }) => jsonForm),
  };
}

/** `service`, or an attribute with its scope in front: `span.http.route`. */
export function formatGroupBy(groupBy: GroupBy): string {
  return typeof groupBy === 'string' ? groupBy : formatAttribute(groupBy);
}

export function parseGroupBy(text: string | undefined): GroupBy {
  const grouping = GROUPINGS.find((one) => one === text);
  if (grouping !== undefined || text === undefined) return grouping ?? DEFAULT_OPTIONS.groupBy;
  return parseAttribute(text) ?? DEFAULT_OPTIONS.groupBy;
}

/** `self` from the smallest on, `-self` from the largest. */
function formatSorting({ by, direction }: Sorting<string>): string {
  return direction === 1 ? by : `-${by}`;
}

function parseSorting<By extends string>(
  text: string | undefined,
  allowed: readonly By[],
): Sorting<By> | undefined {
  const isDown = text?.startsWith('-') === true;
  const by = allowed.find((one) => one === (isDown ? text.slice(1) : text));
  return by === undefined ? undefined : { by, direction: isDown ? -1 : 1 };
}

/** Spans that were pointed at in one of the pictures, by what they have in common: so an address can name any number of them. */
import { unreachable } from '@clew/model';
import { z } from 'zod';
import { GRAPH_NODES } from '../trace/graph/build-call-graph.ts';
import type { GraphNodes } from '../trace/graph/build-call-graph.ts';
import type { GroupLabel } from '../trace/groups/group-spans.ts';
import { formatGroupBy, parseGroupBy } from './view-options.ts';
import type { GroupBy } from './view-options.ts';

export type SpanMark =
  | { readonly kind: 'node'; readonly nodes: GraphNodes; readonly label: GroupLabel }
  | {
      readonly kind: 'calls';
      readonly nodes: GraphNodes;
      readonly from: GroupLabel;
      readonly to: GroupLabel;
    }
  | { readonly kind: 'group'; readonly by: GroupBy; readonly label: GroupLabel };

const nodes = z.enum(GRAPH_NODES);
/** A name behind a dot; empty where there is none, for a name may be empty, too. */
const name = z
  .string()
  .regex(/^(\..*)?$/s)
  .transform((text) => (text === '' ? undefined : text.slice(1)));

const schema = z.union([
  z
    .tuple([z.literal('node'), nodes, name, name])
    .transform(([kind, of, service, text]) => ({ kind, nodes: of, label: { service, text } })),
  z
    .tuple([z.literal('calls'), nodes, name, name, name, name])
    .transform(([kind, of, service, text, toService, toText]) => ({
      kind,
      nodes: of,
      from: { service, text },
      to: { service: toService, text: toText },
    })),
  z.tuple([z.literal('group'), z.string(), name, name]).transform(([kind, by, service, text]) => ({
    kind,
    by: parseGroupBy(by),
    label: { service, text },
  })),
]);

/** What an address says; what cannot be read is no mark. */
export function parseSpanMark(values: unknown): SpanMark | undefined {
  const parsed = schema.safeParse(values);
  return parsed.success ? parsed.data : undefined;
}

/** As one parameter that is repeated. */
export function formatSpanMark(mark: SpanMark): readonly string[] {
  switch (mark.kind) {
    case 'node':
      return ['node', mark.nodes, ...formatLabel(mark.label)];
    case 'calls':
      return ['calls', mark.nodes, ...formatLabel(mark.from), ...formatLabel(mark.to)];
    case 'group':
      return ['group', formatGroupBy(mark.by), ...formatLabel(mark.label)];
    default:
      return unreachable(mark);
  }
}

export function isSameMark(a: SpanMark | undefined, b: SpanMark | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && textOf(a) === textOf(b));
}

export function isSameLabel(a: GroupLabel, b: GroupLabel): boolean {
  return a.service === b.service && a.text === b.text;
}

function textOf(mark: SpanMark): string {
  return JSON.stringify(formatSpanMark(mark));
}

function formatLabel({ service, text }: GroupLabel): readonly string[] {
  return [service, text].map((one) => (one === undefined ? '' : `.${one}`));
}

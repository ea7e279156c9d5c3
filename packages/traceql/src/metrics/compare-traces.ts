/** Compares the spans of one trace after the other: the meaning of `compare()`. */
import { unreachable } from '@clew/model';
import type { Attribute, AttributeValue, Resource, Span, Trace } from '@clew/model';
import { attributeField } from '../build-condition.ts';
import { compileCondition } from '../evaluate/compile-expression.ts';
import { compilePreparation } from '../evaluate/compile-preparation.ts';
import { MatchBudget } from '../evaluate/match-budget.ts';
import { isPause } from '../evaluate/pausable.ts';
import type { Pausable } from '../evaluate/pausable.ts';
import { compilePipeline } from '../evaluate/search.ts';
import { TraceContext } from '../evaluate/trace-context.ts';
import { fromAttribute } from '../evaluate/value.ts';
import type { Value } from '../evaluate/value.ts';
import { mentionedFields } from '../mentioned-fields.ts';
import { printField } from '../print-query.ts';
import type { AttributeScope, CompareFunction, Pipeline } from '../syntax-tree.ts';
import { cellOf } from './compare-table.ts';
import type { CellCount, CompareTable } from './compare-table.ts';
import { binOf } from './metrics-range.ts';
import type { MetricsRange } from './metrics-range.ts';

/** Makes a function that counts the spans of a trace into a table. What it gives throws `LimitError` when the budget is spent. */
export function compileComparison(
  pipeline: Pipeline,
  { selection, window }: CompareFunction,
  range: MetricsRange,
  matchBudget: MatchBudget = new MatchBudget(),
): (trace: Trace, table: CompareTable) => Pausable<void> {
  const run = compilePipeline(pipeline);
  const prepare = compilePreparation(
    mentionedFields({ pipeline: { stages: [selection], range: selection.range } }),
  );
  const isMeant = compileCondition(selection.condition);
  const isInTime = ({ startUnixNano }: Span): boolean =>
    window === undefined ||
    (startUnixNano >= window.startUnixNano && startUnixNano < window.endUnixNano);
  return function* (trace, table) {
    const context = new TraceContext(trace, matchBudget);
    const spansets = yield* run(context);
    yield* prepare(context);
    for (const [i, index] of spansets.flatMap(({ spans }) => spans).entries()) {
      if (isPause(i)) yield;
      const span = trace.spans[index];
      const bin = span === undefined ? -1 : binOf(span, range);
      if (span === undefined || bin < 0) continue;
      const isSelected = isInTime(span) && isMeant(context, index);
      const cell = cellOf(bin, isSelected ? 'selection' : 'baseline');
      compareSpan(span, table, [{ cell, spanCount: 1 }]);
    }
  };
}

/** What of a span is compared beside its attributes and those of its resource. */
function compareSpan(span: Span, table: CompareTable, counts: readonly CellCount[]): void {
  table.add('name', { type: 'string', value: span.name }, counts);
  table.add('kind', { type: 'kind', value: span.kind }, counts);
  table.add('status', { type: 'status', value: span.status }, counts);
  table.add('statusMessage', { type: 'string', value: span.statusMessage }, counts);
  compareAttributes(span.attributes, table, counts);
  compareResource(span.resource, table, counts);
}

/** Counts attributes of spans. */
export function compareAttributes(
  attributes: readonly Attribute[],
  table: CompareTable,
  counts: readonly CellCount[],
): void {
  for (const { key, value } of attributes) {
    addAttribute(table, comparedName('span', key), value, counts);
  }
}

/** Counts what the resource of spans has. */
export function compareResource(
  { service, attributes }: Pick<Resource, 'service' | 'attributes'>,
  table: CompareTable,
  counts: readonly CellCount[],
): void {
  table.add(comparedName('resource', 'service.name'), { type: 'string', value: service }, counts);
  for (const { key, value } of attributes) {
    // The service's name stands for itself.
    if (key !== 'service.name') addAttribute(table, comparedName('resource', key), value, counts);
  }
}

function addAttribute(
  table: CompareTable,
  name: string,
  value: AttributeValue,
  counts: readonly CellCount[],
): void {
  const read = fromAttribute(value);
  if (read !== undefined) table.add(name, isCompared(read) ? read : undefined, counts);
}

/** Lists, maps and bytes are there, and no values to compare by. */
function isCompared({ type }: Value): boolean {
  switch (type) {
    case 'list':
    case 'other':
      return false;
    case 'string':
    case 'int':
    case 'float':
    case 'bool':
    case 'duration':
    case 'status':
    case 'kind':
      return true;
    default:
      return unreachable(type);
  }
}

/** The name of an attribute among the labels. */
export function comparedName(
  scope: Extract<AttributeScope, 'span' | 'resource'>,
  key: string,
): string {
  return printField(attributeField(scope, key));
}

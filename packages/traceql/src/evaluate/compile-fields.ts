import type { Trace } from '@clew/model';
import type { Field } from '../syntax-tree.ts';
import { createFieldReader } from './field.ts';
import { MatchBudget } from './match-budget.ts';
import { TraceContext } from './trace-context.ts';
import type { Value } from './value.ts';

/** What a span, given by its index in the trace, has under each of the fields; undefined where it has no such thing. */
export type FieldValues = (index: number) => readonly (Value | undefined)[];

/** Reads fields of the spans of one trace after the other. */
export function compileFields(fields: readonly Field[]): (trace: Trace) => FieldValues {
  const readers = fields.map(createFieldReader);
  return (trace) => {
    const context = new TraceContext(trace, new MatchBudget());
    return (index) => readers.map((read) => read(context, index));
  };
}

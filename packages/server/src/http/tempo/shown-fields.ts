import { mentionedFields, printField } from '@clew/traceql';
import type { Field, Intrinsic, SearchQuery } from '@clew/traceql';

/** What is shown of each span that answers, and what Tempo calls it. */
export interface ShownField {
  readonly field: Field;
  readonly key: string;
}

/** These are told of a span, or of its trace, anyway. */
const TOLD_ANYWAY: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  'span:name',
  'span:duration',
  'span:id',
  'trace:duration',
  'trace:rootName',
  'trace:rootService',
  'trace:id',
]);

/** All that a search mentions. Attributes go by their names, whatever their scope. */
export function shownFields(search: SearchQuery): readonly ShownField[] {
  return mentionedFields(search)
    .filter((field) =>
      field.kind === 'attribute' ? !field.ofParent : !TOLD_ANYWAY.has(field.name),
    )
    .map((field) => ({
      field,
      key: field.kind === 'attribute' ? field.name : printField(field),
    }));
}

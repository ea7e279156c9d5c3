/** Warnings where there is no field for them: as an attribute of their span, under Jaeger's own key. */
import type { Span } from '@clew/model';
import type { AdjustedSpan } from './adjusted-span.ts';

const WARNINGS_KEY = '@jaeger@warnings';

export function withWarningsAttribute({ span, warnings }: AdjustedSpan): Span {
  if (warnings.length === 0) return span;
  const value = warnings.map((warning) => ({ type: 'string', value: warning }) as const);
  const attribute = { key: WARNINGS_KEY, value: { type: 'array', value } } as const;
  return { ...span, attributes: [...span.attributes, attribute] };
}

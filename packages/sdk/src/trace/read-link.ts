import type { Attributes, Link, SpanContext } from '@opentelemetry/api';
import { checkSpanContext } from './check-span-context.ts';

/** What a link leads to, checked, and its attributes, which are not. */
export interface ReadLink {
  readonly context: SpanContext;
  readonly attributes: Attributes | undefined;
}

/** `undefined` for what is no link, or leads to no span. Never throws. */
export function readLink(link: unknown): ReadLink | undefined {
  try {
    if (typeof link !== 'object' || link === null) return undefined;
    const { context, attributes } = link as Partial<Link>;
    const checked = checkSpanContext(context);
    return checked && { context: checked, attributes };
  } catch {
    return undefined; // It defends itself.
  }
}

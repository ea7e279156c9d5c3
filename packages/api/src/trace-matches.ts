import { z } from 'zod';
import { spanId } from './trace-json.ts';

/** One of the two. */
export interface TraceMatchesQuery {
  /** Words that all occur in a span: in its name, its service, its ids, or among its attributes or events; in any case. */
  readonly text?: string | undefined;
  /** TraceQL. */
  readonly q?: string | undefined;
}

export interface TraceMatchesResponse {
  /** Ordered by the spans' starts; where spans share an id, it is there for each that answers. */
  readonly spanIds: readonly string[];
}

export const traceMatchesQuery: z.ZodType<TraceMatchesQuery> = z
  .object({ text: z.string().trim().min(1).optional(), q: z.string().trim().min(1).optional() })
  .refine(({ text, q }) => (text === undefined) !== (q === undefined), 'either text or q')
  .describe('What to find: words, or TraceQL.');

export const traceMatchesResponse: z.ZodType<TraceMatchesResponse> = z.object({
  spanIds: z.array(spanId),
});

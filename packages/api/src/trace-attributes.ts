/** Which attributes the spans of one trace have, and the value of one of them on every span. */
import { z } from 'zod';
import { ATTRIBUTE_SCOPES } from './attributes.ts';
import type { AttributeScope } from './attributes.ts';
import { attributeValueJson, count } from './trace-json.ts';
import type { AttributeValueJson } from './trace-json.ts';

export interface TraceAttributeJson {
  readonly scope: AttributeScope;
  readonly key: string;
  /** Of the spans that have it, or came from a resource that has. */
  readonly spanCount: number;
}

export interface TraceAttributesResponse {
  readonly spanCount: number;
  /** By how many spans have them, most first; then by key. */
  readonly attributes: readonly TraceAttributeJson[];
}

export interface TraceAttributeQuery {
  readonly scope: AttributeScope;
  readonly key: string;
}

export interface TraceAttributeResponse {
  /** Each once, in the order they are first seen. */
  readonly values: readonly AttributeValueJson[];
  /** Of each span of the trace, in its order: an index into `values`, -1 where the attribute is missing. */
  readonly valueIndexes: readonly number[];
}

const scope = z.enum(ATTRIBUTE_SCOPES);

export const traceAttributesResponse: z.ZodType<TraceAttributesResponse> = z.object({
  spanCount: count,
  attributes: z.array(z.object({ scope, key: z.string(), spanCount: count })),
});

export const traceAttributeQuery: z.ZodType<TraceAttributeQuery> = z.strictObject({
  scope,
  key: z.string().min(1),
});

export const traceAttributeResponse: z.ZodType<TraceAttributeResponse> = z.object({
  values: z.array(attributeValueJson),
  valueIndexes: z.array(z.int().min(-1)),
});

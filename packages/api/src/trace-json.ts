/**
 * A trace as JSON. 64-bit numbers are decimal strings, ids are hexadecimal, bytes are base64; everything else is as in
 * the model. Resources and scopes stand once, and spans name them by index, which keeps a large trace small.
 */
import { z } from 'zod';

export type AttributeValueJson =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  /** Decimal digits. */
  | { readonly type: 'int'; readonly value: string }
  /** A number, or `"NaN"`, `"Infinity"`, `"-Infinity"`, which JSON has no numbers for. */
  | { readonly type: 'double'; readonly value: number | string }
  /** Base64. */
  | { readonly type: 'bytes'; readonly value: string }
  | { readonly type: 'array'; readonly value: readonly AttributeValueJson[] }
  | { readonly type: 'map'; readonly value: readonly AttributeJson[] }
  | { readonly type: 'empty' };

export interface AttributeJson {
  readonly key: string;
  readonly value: AttributeValueJson;
}

export interface ResourceJson {
  readonly service: string;
  readonly attributes: readonly AttributeJson[];
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

export interface ScopeJson {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly AttributeJson[];
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

export interface SpanEventJson {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly AttributeJson[];
  readonly droppedAttributesCount: number;
}

export interface LinkJson {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly attributes: readonly AttributeJson[];
  readonly droppedAttributesCount: number;
}

export interface SpanJson {
  readonly spanId: string;
  /** Absent for a root. */
  readonly parentSpanId?: string | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startUnixNano: string;
  readonly durationNano: string;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string;
  readonly attributes: readonly AttributeJson[];
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEventJson[];
  readonly droppedEventsCount: number;
  readonly links: readonly LinkJson[];
  readonly droppedLinksCount: number;
  /** Index into the trace's `resources`. */
  readonly resource: number;
  /** Index into the trace's `scopes`. */
  readonly scope: number;
}

export interface TraceJson {
  readonly traceId: string;
  /** By start, then by span id. */
  readonly spans: readonly SpanJson[];
  readonly resources: readonly ResourceJson[];
  readonly scopes: readonly ScopeJson[];
}

export const decimal: z.ZodType<string> = z.string().regex(/^-?\d+$/);
export const traceId: z.ZodType<string> = z.string().regex(/^[0-9a-f]{32}$/);
export const spanId: z.ZodType<string> = z.string().regex(/^[0-9a-f]{16}$/);
export const count: z.ZodType<number> = z.int().nonnegative();

export const attributeValueJson: z.ZodType<AttributeValueJson> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('string'), value: z.string() }),
    z.object({ type: z.literal('bool'), value: z.boolean() }),
    z.object({ type: z.literal('int'), value: decimal }),
    z.object({ type: z.literal('double'), value: z.union([z.number(), z.string()]) }),
    z.object({ type: z.literal('bytes'), value: z.string() }),
    z.object({ type: z.literal('array'), value: z.array(attributeValueJson) }),
    z.object({ type: z.literal('map'), value: z.array(attributeJson) }),
    z.object({ type: z.literal('empty') }),
  ]),
);

const attributeJson: z.ZodType<AttributeJson> = z.object({
  key: z.string(),
  value: attributeValueJson,
});

export const attributes: z.ZodType<readonly AttributeJson[]> = z.array(attributeJson);

export const spanKind: z.ZodType<SpanJson['kind']> = z.enum([
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
]);

export const spanStatus: z.ZodType<SpanJson['status']> = z.enum(['unset', 'ok', 'error']);

const spanEventJson: z.ZodType<SpanEventJson> = z.object({
  timeUnixNano: decimal,
  name: z.string(),
  attributes,
  droppedAttributesCount: count,
});

const linkJson: z.ZodType<LinkJson> = z.object({
  traceId,
  spanId,
  traceState: z.string(),
  flags: count,
  attributes,
  droppedAttributesCount: count,
});

const spanJson: z.ZodType<SpanJson> = z.object({
  spanId,
  parentSpanId: spanId.optional(),
  traceState: z.string(),
  flags: count,
  name: z.string(),
  kind: spanKind,
  startUnixNano: decimal,
  durationNano: decimal,
  status: spanStatus,
  statusMessage: z.string(),
  attributes,
  droppedAttributesCount: count,
  events: z.array(spanEventJson),
  droppedEventsCount: count,
  links: z.array(linkJson),
  droppedLinksCount: count,
  resource: count,
  scope: count,
});

export const traceJson: z.ZodType<TraceJson> = z.object({
  traceId,
  spans: z.array(spanJson),
  resources: z.array(
    z.object({
      service: z.string(),
      attributes,
      droppedAttributesCount: count,
      schemaUrl: z.string(),
    }),
  ),
  scopes: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      attributes,
      droppedAttributesCount: count,
      schemaUrl: z.string(),
    }),
  ),
});

/**
 * The answers of Zipkin's API as its published description has them (zipkin2-api.yaml of openzipkin/zipkin-api, version 2), with
 * unknown fields refused.
 */
import { z } from 'zod';

const id = z.string().regex(/^[a-f0-9]{16}$/);
/** 64 bits that JavaScript reads exactly, as Zipkin's UI has to. */
const int64 = z.int().nonnegative();

const endpoint = z
  .strictObject({
    serviceName: z.string().optional(),
    ipv4: z.ipv4().optional(),
    ipv6: z.ipv6().optional(),
    port: z.int().min(1).max(65_535).optional(),
  })
  .refine((value) => Object.keys(value).length > 0);

const span = z.strictObject({
  traceId: z.string().regex(/^(?:[a-f0-9]{16}|[a-f0-9]{32})$/),
  name: z.string().min(1).optional(),
  parentId: id.optional(),
  id,
  kind: z.enum(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']).optional(),
  timestamp: int64.optional(),
  duration: int64.min(1).optional(),
  debug: z.boolean().optional(),
  shared: z.boolean().optional(),
  localEndpoint: endpoint.optional(),
  remoteEndpoint: endpoint.optional(),
  annotations: z.array(z.strictObject({ timestamp: int64, value: z.string() })).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

export const zipkinTrace = z.array(span);
export const zipkinTraces = z.array(zipkinTrace);
export const zipkinNames = z.array(z.string());
export const zipkinDependencies = z.array(
  z.strictObject({
    parent: z.string(),
    child: z.string(),
    callCount: int64,
    errorCount: int64.optional(),
  }),
);

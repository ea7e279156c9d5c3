/** Jaeger's answers as zod reads them, with unknown fields refused: written from its published model, not from what we send. */
import { z } from 'zod';

const tag = z.discriminatedUnion('type', [
  z.strictObject({ key: z.string(), type: z.literal('string'), value: z.string() }),
  z.strictObject({ key: z.string(), type: z.literal('bool'), value: z.boolean() }),
  z.strictObject({
    key: z.string(),
    type: z.literal('int64'),
    value: z.union([z.int(), z.string().regex(/^-?\d{16,}$/)]),
  }),
  z.strictObject({
    key: z.string(),
    type: z.literal('float64'),
    value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  }),
  z.strictObject({ key: z.string(), type: z.literal('binary'), value: z.base64() }),
]);

const traceId = z.string().regex(/^([0-9a-f]{16}|[0-9a-f]{32})$/);
const spanId = z.string().regex(/^[0-9a-f]{16}$/);

const span = z.strictObject({
  traceID: traceId,
  spanID: spanId,
  flags: z.int().positive().optional(),
  operationName: z.string(),
  references: z.array(
    z.strictObject({
      refType: z.enum(['CHILD_OF', 'FOLLOWS_FROM']),
      traceID: traceId,
      spanID: spanId,
    }),
  ),
  startTime: z.int(),
  duration: z.int().nonnegative(),
  tags: z.array(tag),
  logs: z.array(z.strictObject({ timestamp: z.int(), fields: z.array(tag) })),
  processID: z.string().regex(/^p\d+$/),
  warnings: z.array(z.string()).min(1).nullable(),
});

const trace = z.strictObject({
  traceID: traceId,
  spans: z.array(span),
  processes: z.record(
    z.string().regex(/^p\d+$/),
    z.strictObject({ serviceName: z.string(), tags: z.array(tag) }),
  ),
  warnings: z.array(z.string()).nullable(),
});

const error = z.strictObject({
  code: z.int().optional(),
  msg: z.string(),
  traceID: traceId.optional(),
});

function envelope<Data extends z.ZodType>(data: Data) {
  return z.strictObject({
    data,
    total: z.int(),
    limit: z.literal(0),
    offset: z.literal(0),
    errors: z.array(error).nullable(),
  });
}

const metricFamily = z.strictObject({
  name: z.string(),
  type: z.literal('GAUGE'),
  help: z.string(),
  metrics: z.array(
    z.strictObject({
      labels: z.array(z.strictObject({ name: z.string(), value: z.string() })),
      metricPoints: z.array(
        z.strictObject({
          gaugeValue: z.strictObject({ doubleValue: z.union([z.number(), z.literal('NaN')]) }),
          timestamp: z.iso.datetime(),
        }),
      ),
    }),
  ),
});

const decimal = z.string().regex(/^\d+$/);

const count = z.int().positive().optional();

/** By what is asked. */
export const ANSWERS = {
  names: envelope(z.array(z.string())),
  operations: envelope(z.array(z.strictObject({ name: z.string(), spanKind: z.string() }))),
  traces: envelope(z.array(trace)),
  nothing: envelope(z.array(z.never())),
  number: envelope(z.int()),
  dependencies: envelope(
    z.array(z.strictObject({ parent: z.string(), child: z.string(), callCount: z.int() })),
  ),
  metrics: metricFamily,
  failure: envelope(z.null()),
  v3Services: z.strictObject({ services: z.array(z.string()) }),
  v3Operations: z.strictObject({
    operations: z.array(z.strictObject({ name: z.string(), spanKind: z.string() })),
  }),
  v3Summaries: z.strictObject({
    summaries: z.array(
      z.strictObject({
        traceId: z.string().regex(/^[0-9a-f]{32}$/),
        rootServiceName: z.string().min(1).optional(),
        rootOperationName: z.string().min(1).optional(),
        minStartTimeUnixNano: decimal,
        maxEndTimeUnixNano: decimal,
        spanCount: count,
        errorSpanCount: count,
        orphanSpanCount: count,
        services: z.array(
          z.strictObject({ name: z.string(), spanCount: count, errorSpanCount: count }),
        ),
      }),
    ),
  }),
  v3Dependencies: z.strictObject({
    dependencies: z.array(
      z.strictObject({ parent: z.string(), child: z.string(), callCount: decimal }),
    ),
  }),
  v3Failure: z.strictObject({
    error: z.strictObject({ httpCode: z.int(), message: z.string() }),
  }),
} as const;

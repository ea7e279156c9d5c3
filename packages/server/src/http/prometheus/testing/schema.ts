/** Answers of Prometheus' HTTP API as its documentation has them, with unknown fields refused. */
import { z } from 'zod';

const number = z.string().regex(/^(?:NaN|[+-]Inf|-?\d+(?:\.\d+)?)$/);
const point = z.tuple([z.number(), number]);
const metric = z.record(z.string(), z.string());

const data = z.discriminatedUnion('resultType', [
  z.strictObject({ resultType: z.literal('scalar'), result: point }),
  z.strictObject({ resultType: z.literal('string'), result: z.tuple([z.number(), z.string()]) }),
  z.strictObject({
    resultType: z.literal('vector'),
    result: z.array(z.strictObject({ metric, value: point })),
  }),
  z.strictObject({
    resultType: z.literal('matrix'),
    result: z.array(z.strictObject({ metric, values: z.array(point) })),
  }),
]);

const warnings = z.array(z.string()).optional();

export const promqlAnswer = z.strictObject({ status: z.literal('success'), data, warnings });
export const promqlNames = z.strictObject({
  status: z.literal('success'),
  data: z.array(z.string()),
  warnings,
});
export const promqlSeries = z.strictObject({
  status: z.literal('success'),
  data: z.array(metric),
  warnings,
});
export const promqlError = z.strictObject({
  status: z.literal('error'),
  errorType: z.string(),
  error: z.string(),
});

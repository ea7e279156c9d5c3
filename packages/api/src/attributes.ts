import { z } from 'zod';
import { unixNano } from './parameters.ts';

/** Whose attributes they are. */
export const ATTRIBUTE_SCOPES = ['span', 'resource'] as const;
export type AttributeScope = (typeof ATTRIBUTE_SCOPES)[number];

/** `complex` is what is neither a text, a number nor a truth value. */
export const ATTRIBUTE_TYPES = ['string', 'int', 'double', 'bool', 'complex'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

export interface AttributeKeyJson {
  readonly scope: AttributeScope;
  readonly key: string;
  /** Of the values that it had, sorted. */
  readonly types: readonly AttributeType[];
  /** Of the spans themselves or their resources; absent unless it was asked for. About as many: see `counts`. */
  readonly spanCount?: number | undefined;
}

export interface AttributeKeysQuery {
  /**
   * Says how many spans have each key, of those that started between `start` and `end`, in whole minutes; the last hour when these are
   * absent. Spans that were replayed after a crash are not in it, and those of deleted traces are.
   */
  readonly counts: boolean;
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
}

export interface AttributeKeysResponse {
  /** Sorted by key, then scope. */
  readonly attributes: readonly AttributeKeyJson[];
}

export interface AttributeValuesQuery {
  readonly key: string;
  /** Both when it is absent. */
  readonly scope?: AttributeScope | undefined;
  /** What the values begin with. */
  readonly prefix: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Says how many spans have each value, of those that started between `start` and `end`; the last hour when these are absent. */
  readonly counts: boolean;
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
}

export interface KnownValueJson {
  readonly type: AttributeType;
  readonly value: string;
  /** Absent unless it was asked for, and where there are too many values or spans to count. */
  readonly spanCount?: number | undefined;
}

export interface AttributeValuesResponse {
  /** Sorted, by how many spans there are when that was asked for; of a key with very many values only the first that were seen. */
  readonly values: readonly KnownValueJson[];
}

export const attributeKeysResponse: z.ZodType<AttributeKeysResponse> = z.object({
  attributes: z.array(
    z.object({
      scope: z.enum(ATTRIBUTE_SCOPES),
      key: z.string(),
      types: z.array(z.enum(ATTRIBUTE_TYPES)),
      spanCount: z.number().optional(),
    }),
  ),
});

const counts: z.ZodType<boolean> = z
  .enum(['true', 'false'], 'expected true or false')
  .default('false')
  .transform((text) => text === 'true');

const countedRange = { start: unixNano.optional(), end: unixNano.optional() };

function isForwards({
  start,
  end,
}: {
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
}): boolean {
  return start === undefined || end === undefined || start < end;
}

const BACKWARDS = { path: ['end'], message: 'expected end to be after start' };

export const attributeKeysQuery: z.ZodType<AttributeKeysQuery> = z
  .strictObject({ counts, ...countedRange })
  .refine(isForwards, BACKWARDS);

export const attributeValuesQuery: z.ZodType<AttributeValuesQuery> = z
  .strictObject({
    key: z.string().min(1),
    scope: z.enum(ATTRIBUTE_SCOPES).optional(),
    prefix: z.string().default(''),
    limit: z
      .string()
      .regex(/^\d{1,4}$/, 'expected a whole number from 1 to 1000')
      .default('100')
      .transform(Number)
      .refine((value) => value >= 1 && value <= 1000, 'expected a whole number from 1 to 1000'),
    counts,
    ...countedRange,
  })
  .refine(isForwards, BACKWARDS);

export const attributeValuesResponse: z.ZodType<AttributeValuesResponse> = z.object({
  values: z.array(
    z.object({
      type: z.enum(ATTRIBUTE_TYPES),
      value: z.string(),
      spanCount: z.number().optional(),
    }),
  ),
});

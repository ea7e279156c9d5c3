import { InvalidQueryError } from '@clew/model';
import type { z } from 'zod';

/** Parameters as they arrive: each name with all its values. */
export type GivenParameters = Readonly<Record<string, readonly string[]>>;

/**
 * Reads parameters with the schema of a route. A parameter that is given once is a string, one that repeats an array.
 * Throws `InvalidQueryError` for the first that the schema refuses.
 */
export function parseParameters<Output>(schema: z.ZodType<Output>, given: GivenParameters): Output {
  const input = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw toInvalidQuery(parsed.error.issues[0]);
}

function toInvalidQuery(issue: z.core.$ZodIssue | undefined): InvalidQueryError {
  if (issue?.code === 'unrecognized_keys') {
    const parameter = issue.keys[0] ?? '';
    return new InvalidQueryError(`unknown parameter: ${parameter}`, { parameter });
  }
  const parameter = String(issue?.path[0] ?? '');
  return new InvalidQueryError(`${parameter}: ${issue?.message ?? 'cannot be read'}`, {
    parameter,
  });
}

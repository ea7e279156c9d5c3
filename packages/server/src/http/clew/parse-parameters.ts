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
  throw toInvalidQuery(parsed.error.issues[0], given);
}

function toInvalidQuery(
  issue: z.core.$ZodIssue | undefined,
  given: GivenParameters,
): InvalidQueryError {
  if (issue?.code === 'unrecognized_keys') {
    const parameter = issue.keys[0] ?? '';
    return new InvalidQueryError(`unknown parameter: ${parameter}`, { parameter });
  }
  const parameter = String(issue?.path[0] ?? '');
  const message =
    issue === undefined ? 'cannot be read' : sayWhatIsExpected(issue, given[parameter]);
  return new InvalidQueryError(`${parameter}: ${message}`, { parameter });
}

/** In our words where the contract has none of its own. */
function sayWhatIsExpected(issue: z.core.$ZodIssue, values: readonly string[] = []): string {
  if (issue.code === 'custom') return issue.message;
  if (values.length === 0) return 'expected a value, and it is missing';
  if (values.length > 1 && issue.path.length === 1) {
    return `expected one value, and ${values.length} are given`;
  }
  if (issue.code === 'invalid_value') {
    return `expected one of ${issue.values.map(String).join(', ')}`;
  }
  return issue.code === 'too_small' ? 'expected a text that is not empty' : issue.message;
}

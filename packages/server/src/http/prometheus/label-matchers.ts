import { InvalidQueryError, shorten, unreachable } from '@clew/model';
import { MatchBudget, compilePattern } from '@clew/traceql';
import type { Labels } from './promql/labels.ts';
import type { Matcher } from './promql/syntax-tree.ts';

/** Whether a label's value is one that is asked for; a label that is not there is empty. */
export type ValueTest = (value: string) => boolean;

/** The conditions on labels that one selector has. */
export class LabelMatchers {
  readonly matchers: readonly Matcher[];
  readonly #tests: readonly { readonly label: string; readonly test: ValueTest }[];

  /** Throws `InvalidQueryError` for what is no pattern. */
  constructor(matchers: readonly Matcher[], budget: MatchBudget = new MatchBudget()) {
    this.matchers = matchers;
    this.#tests = matchers.map((matcher) => ({
      label: matcher.label,
      test: createTest(matcher, budget),
    }));
  }

  /** The names of the labels that are asked about. */
  get names(): readonly string[] {
    return this.matchers.map(({ label }) => label);
  }

  /** Conditions on `skipped` are left to somebody else. */
  match(labels: Labels, skipped?: string): boolean {
    return this.#tests.every(
      ({ label, test }) => label === skipped || test(labels.get(label) ?? ''),
    );
  }

  matchValue(name: string, value: string): boolean {
    return this.#tests.every(({ label, test }) => label !== name || test(value));
  }

  /** The only value that a label may have, where there is one. */
  onlyValue(name: string): string | undefined {
    return this.matchers.find(({ label, operator }) => label === name && operator === '=')?.value;
  }
}

/** Patterns have to fit the whole value. */
function createTest({ operator, value }: Matcher, budget: MatchBudget): ValueTest {
  switch (operator) {
    case '=':
      return (given) => given === value;
    case '!=':
      return (given) => given !== value;
    case '=~':
    case '!~': {
      const pattern = parsePattern(value);
      const isWanted = operator === '=~';
      return (given) => budget.matches(pattern, given) === isWanted;
    }
    default:
      return unreachable(operator);
  }
}

/** Throws `InvalidQueryError`. */
export function parsePattern(source: string): Parameters<MatchBudget['matches']>[0] {
  let pattern: ReturnType<typeof compilePattern>;
  try {
    pattern = compilePattern(source);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : `error parsing regexp: ${source}`);
  }
  if (pattern !== undefined) return pattern;
  throw fail(`regexp is too large: ${shorten(source)}`);
}

function fail(message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter: 'query' });
}

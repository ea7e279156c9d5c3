/**
 * What takes long for a large trace: it yields after every thousand spans or so, and goes on when it is asked for more. A server
 * has its other work done meanwhile.
 */
export type Pausable<Result> = Generator<undefined, Result, undefined>;

export function runWithoutPause<Result>(steps: Pausable<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** What is known without looking at a span. */
export function* withoutSteps<Result>(result: Result): Pausable<Result> {
  yield* [];
  return result;
}

/** Whether to pause before the item of that index; small traces are gone through in one go. */
export function isPause(index: number): boolean {
  return (index & MASK) === MASK;
}

/** A thousand spans are looked at in about a millisecond. */
const MASK = 1023;

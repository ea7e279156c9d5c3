/**
 * How long and on which traces the tests go that hold the planner and the evaluator together. `npm run test:planner` is the long
 * form. The traces are others each time; what failed is repeated with the number that the test's name has.
 */

/** Random queries of a test. */
export function plannerRuns(usual: number): number {
  return Number(process.env['PLANNER_RUNS'] ?? usual);
}

/** What random traces are made from. */
export const PLANNER_SEED: number = Number(
  process.env['PLANNER_SEED'] ?? Math.floor(Math.random() * 1_000_000),
);

import { CONFIG_OPTIONS } from '../config.ts';
import { URL_VARIABLE } from './connection.ts';

/** A variable that looks like one of ours and is none. */
export interface UnknownVariable {
  readonly name: string;
  /** Our variable with the most similar name. */
  readonly closest: string;
}

const KNOWN: readonly string[] = [
  ...CONFIG_OPTIONS.map(({ environmentVariable }) => environmentVariable),
  URL_VARIABLE,
];

/** What Kubernetes sets in every pod beside a service that is called `clew`. */
const KUBERNETES =
  /^CLEW_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$/;

/** The variables of `environment` that begin with `CLEW_` and that no command reads: most are misspelt. */
export function findUnknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
): UnknownVariable[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('CLEW_') && !KNOWN.includes(name) && !KUBERNETES.test(name))
    .map((name) => ({ name, closest: findClosest(name) }));
}

function findClosest(name: string): string {
  const distances = KNOWN.map((known) => ({ known, distance: countEdits(name, known) }));
  return distances.reduce((best, each) => (each.distance < best.distance ? each : best)).known;
}

/** How many letters have to be added, removed or exchanged (Levenshtein's distance). */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT, SOURCE_ARGUMENTS } from '../../../e2e/src/sources.ts';
import type { RunOfRequests } from './identity.ts';

export interface StoreToCheck {
  /** No server may be running on it. */
  readonly dataDir: string;
  readonly runOfRequests: RunOfRequests;
  /** Numbers of requests are below this. */
  readonly requests: number;
  /** `Acknowledgements` as text. */
  readonly acknowledged: string;
  /** Whether to look at what is derived from spans too, which takes a while. */
  readonly withRollups: boolean;
}

/** Numbers of spans. */
export interface CheckedStore {
  readonly stored: number;
  readonly acknowledged: number;
  /** Acknowledged and not stored. */
  readonly lost: number;
  /** Stored more than once, acknowledged or not. */
  readonly doubled: number;
  /** Stored once and not acknowledged, which a sender must reckon with. */
  readonly unacknowledged: number;
  /** Stored with ids that the sender never made. */
  readonly foreign: number;
  /** Whose resource or scope is missing. */
  readonly dangling: number;
  /** Of each materialized view; empty without `withRollups`. */
  readonly rollups: readonly CheckedRollup[];
}

/** How a rollup compares with a recount. */
export interface CheckedRollup {
  readonly view: string;
  /** Rows that are only in the rollup or only in the recount. */
  readonly differing: number;
  /** A few of them. */
  readonly examples: readonly string[];
}

/** Looks for every acknowledged span in the store, and for spans that ought not to be there. */
export async function checkStore(store: StoreToCheck): Promise<CheckedStore> {
  const child = fork(fileURLToPath(new URL('check-store.ts', import.meta.url)), {
    cwd: ROOT,
    execArgv: [...SOURCE_ARGUMENTS],
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the check of the store ended early with ${String(code ?? signal)}`);
  });
  // Whether it fails is asked only until there is an answer.
  ended.catch(() => undefined);
  child.send(store);
  const [checked] = (await Promise.race([once(child, 'message'), ended])) as [CheckedStore];
  return checked;
}

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
  /** Whether to merge all parts of each partition into one and to weigh them, which takes 4 µs of a core a span. */
  readonly mergeFully: boolean;
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
  /** Empty without `withRollups`. */
  readonly rollups: readonly CheckedRollup[];
  /** Those with rows that nobody said how to recount: they belong into `rollups.ts`. */
  readonly unknownTables: readonly string[];
  /** As the server left them. */
  readonly tables: readonly TableSize[];
  /** With one part a partition; empty without `mergeFully`. */
  readonly mergedTables: readonly TableSize[];
}

/** What the active parts of a table are. */
export interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly parts: number;
  readonly bytes: number;
}

/** How a rollup compares with a recount. */
export interface CheckedRollup {
  readonly table: string;
  /** Rows that were compared. */
  readonly rows: number;
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

import { readFileSync, readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Of this process: a folder for each of its threads. */
const THREADS = '/proc/self/task';
/** What the engine calls the thread that merges parts; it has one for as long as it runs. */
const MERGING = 'MergeMutate';
/** The system's own value for what may wait: about a tenth of the time of a thread that it competes with. */
const MAY_WAIT = 10;

/**
 * Makes merges wait for whoever waits for an answer: on a small machine they and the event loop want the same cores, and
 * the slowest hundredth of acknowledgements took a sixth longer (`bench -- ingest --rate 60000`). The engine has an option for
 * it, which does nothing in the embedded one; but the system takes priorities by thread. Only Linux tells which thread is
 * which; elsewhere nothing happens.
 */
export function yieldMerges(): void {
  for (const thread of listThreads()) {
    try {
      if (nameOf(thread) === MERGING) setPriority(Number(thread), MAY_WAIT);
    } catch {
      // It has ended meanwhile, or the system does not allow it: then merges compete as they did.
    }
  }
}

function listThreads(): readonly string[] {
  try {
    return readdirSync(THREADS);
  } catch {
    return [];
  }
}

function nameOf(thread: string): string {
  return readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim();
}

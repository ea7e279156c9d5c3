import { setTimeout as sleep } from 'node:timers/promises';
import type { ClewProcess } from '../../e2e/src/clew-process.ts';
import { readMetric } from './metrics.ts';
import { readProcessUsage } from './process-usage.ts';

const DRAIN_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
/** Merges have ended when the server takes less than this share of a core … */
const QUIET_SHARE = 0.05;
/** … for this long. */
const QUIET_MS = 3000;
const SETTLE_TIMEOUT_MS = 90_000;

/** Resolves when every accepted span is in the engine. */
export async function waitUntilDrained({ addresses }: ClewProcess): Promise<void> {
  const deadlineMs = performance.now() + DRAIN_TIMEOUT_MS;
  for (;;) {
    const accepted = await readMetric(addresses.metrics, 'clew_store_accepted_spans_total');
    const inserted = await readMetric(addresses.metrics, 'clew_store_inserted_spans_total');
    if (inserted >= accepted) return;
    if (performance.now() > deadlineMs) {
      throw new Error(`${accepted - inserted} spans are still not in the engine`);
    }
    await sleep(POLL_MS);
  }
}

/** Resolves when the engine has no more to merge, with whether that was in time. */
export async function waitUntilQuiet({ pid }: ClewProcess): Promise<boolean> {
  const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const before = readProcessUsage(pid).cpuMs;
    await sleep(QUIET_MS);
    if (readProcessUsage(pid).cpuMs - before < QUIET_SHARE * QUIET_MS) return true;
  }
  return false;
}

import { setTimeout as sleep } from 'node:timers/promises';

/** OpenTelemetry's `forceFlush` does not wait for a request that is under way. */
const PATIENCE_MS = 10_000;

/** Throws when the receiver has not just as many spans as were sent, at last. */
export async function expectSpans(receiver: string, expected: number): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(receiver);
    const received = Number(await answer.text());
    if (received === expected) return;
    if (received > expected || performance.now() > endMs) {
      throw new Error(`${expected} spans sent, ${received} received`);
    }
    await sleep(50);
  }
}

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpanBlock } from '@clew/model';
import { decodeTracesProtobuf, readSpans } from '@clew/protocol';
import { expect, test } from 'vitest';
import { init, startSpan } from '../index.ts';

const SPAN_COUNT = 1_000_000;
const BURST = 1000;
const quiet = (): void => undefined;

/** A receiver that fails half of the time, and refuses a request for good now and then. */
class HalfBrokenReceiver {
  /** How often each span was taken. */
  readonly taken = new Uint8Array(SPAN_COUNT);
  refusedCount = 0;
  #requestCount = 0;
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = this.#answer(Buffer.concat(chunks));
      response.writeHead(status, { 'retry-after': '0' }).end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(body: Uint8Array): number {
    const index = this.#requestCount++;
    if (index % 4 === 1) return 503;
    if (index % 4 === 3) return 429;
    const block = new SpanBlock('test');
    decodeTracesProtobuf(body, block);
    const spans = readSpans(block);
    if (index % 40 === 8) {
      this.refusedCount += spans.length;
      return 400;
    }
    for (const { name } of spans) this.taken[Number(name)] = (this.taken[Number(name)] ?? 0) + 1;
    return 200;
  }
}

test('of a million spans, sent to a receiver that fails half of the time, each is in one count', async () => {
  const receiver = new HalfBrokenReceiver();
  const clew = init({
    serviceName: 'shop',
    endpoint: await receiver.start(),
    instrumentHttp: false,
    logger: { error: quiet, warn: quiet, info: quiet, debug: quiet, verbose: quiet },
  });
  for (let i = 0; i < SPAN_COUNT;) {
    for (const end = i + BURST; i < end; i++) startSpan(String(i)).end();
    // Now and then the application makes more than the receiver takes in time.
    await nextTurn();
    if (i % 4000 === 0 && i % 100_000 > 12_000) await clew.forceFlush();
  }
  await clew.shutdown();
  const { stats } = clew;
  const takenCount = receiver.taken.reduce((sum, times) => sum + times, 0);
  expect(stats.endedSpanCount).toBe(SPAN_COUNT);
  expect(stats.queuedSpanCount).toBe(0);
  expect(stats.exportedSpanCount).toBe(takenCount);
  expect(stats.rejectedSpanCount).toBe(receiver.refusedCount);
  expect(stats.rejectedSpanCount).toBeGreaterThan(0);
  expect(takenCount + stats.rejectedSpanCount + stats.droppedSpanCount).toBe(SPAN_COUNT);
  expect(Math.max(...new Set(receiver.taken))).toBe(1);
  receiver.stop();
}, 120_000);

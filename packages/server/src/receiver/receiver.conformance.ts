/** What every receiver of OTLP must do, whatever carries its bytes. */
import { deflateSync, gzipSync } from 'node:zlib';
import { OverloadedError, StorageError } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/protocol';
import type { DecodeLimits } from '@clew/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ByteBudget } from './byte-budget.ts';
import type { Listener } from './listener.ts';
import { MemoryLog, MemorySink } from './testing/memory-sink.ts';
import type { WireRequest, WireSpan } from './testing/otlp-messages.ts';

/** How a request ended, in terms that all protocols share. */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'partial'; readonly rejectedSpans: number; readonly message: string }
  | {
      readonly kind: 'invalid' | 'too_large' | 'unavailable' | 'failed';
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
    };

export interface SendOptions {
  /** What the body is said to be compressed with. */
  readonly compression?: 'gzip' | 'deflate';
}

/** A receiver that listens, and a client of its protocol. */
export interface RunningReceiver {
  readonly listener: Listener;
  readonly send: (body: Buffer, options?: SendOptions) => Promise<Outcome>;
  /** Releases the client's connections. */
  readonly disconnect: () => void;
}

export interface ReceiverConformance {
  readonly name: string;
  readonly start: (parts: {
    readonly sink: MemorySink;
    readonly log: MemoryLog;
    readonly maxRequestBytes: number;
    readonly budget: ByteBudget;
    readonly limits: DecodeLimits;
  }) => Promise<RunningReceiver>;
  readonly encode: (request: WireRequest) => Buffer;
}

const MAX_REQUEST_BYTES = 100_000;
const MAX_IN_FLIGHT_BYTES = 10_000_000;
const LIMITS: DecodeLimits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 40 };
const HOUR_NANOS = 3_600_000_000_000n;
const NOW = 1_795_000_000_000_000_000n;

let spanCount = 0;

function wireSpan(given: Partial<WireSpan> = {}): WireSpan {
  const id = (++spanCount).toString(16);
  return {
    traceId: Buffer.from(id.padStart(32, 'a'), 'hex'),
    spanId: Buffer.from(id.padStart(16, 'b'), 'hex'),
    name: 'create-order',
    startTimeUnixNano: NOW,
    endTimeUnixNano: NOW + 5n,
    ...given,
  };
}

export function describeReceiver({ name, start, encode }: ReceiverConformance): void {
  describe(`${name} keeps the receivers' contract:`, () => {
    let sink: MemorySink;
    let log: MemoryLog;
    let receiver: RunningReceiver;
    let budget: ByteBudget;

    beforeEach(async () => {
      sink = new MemorySink();
      log = new MemoryLog();
      budget = new ByteBudget(MAX_IN_FLIGHT_BYTES);
      receiver = await start({
        sink,
        log,
        maxRequestBytes: MAX_REQUEST_BYTES,
        budget,
        limits: LIMITS,
      });
    });

    afterEach(async () => {
      receiver.disconnect();
      await receiver.listener.close(0);
    });

    const request = (...spans: readonly Partial<WireSpan>[]): Buffer =>
      encode({ service: 'order-service', spans: spans.map(wireSpan) });

    const compressions = [
      { compression: 'gzip', compress: gzipSync },
      { compression: 'deflate', compress: deflateSync },
    ] as const;

    test.each([{ compression: undefined, compress: undefined }, ...compressions])(
      'takes spans, compressed with $compression',
      async ({ compression, compress }) => {
        const body = request({ name: 'one' }, { name: 'two' });
        const outcome = await (compression === undefined
          ? receiver.send(body)
          : receiver.send(compress(body), { compression }));
        expect(outcome).toEqual({ kind: 'ok' });
        expect(sink.spans.map((span) => span.name)).toEqual(['one', 'two']);
        expect(sink.spans[0]).toMatchObject({ startUnixNano: NOW, durationNano: 5n });
        expect(sink.spans[0]?.resource.service).toBe('order-service');
        expect(sink.batches).toEqual([expect.objectContaining({ rejectedSpans: 0 })]);
      },
    );

    test('acknowledges no sooner than the spans are durable', async () => {
      let open = (): void => undefined;
      sink.gate = new Promise((resolve) => (open = resolve));
      let isAnswered = false;
      const answer = receiver.send(request({})).finally(() => (isAnswered = true));
      await until(() => sink.batches.length === 1);
      await sleep(30);
      expect(isAnswered).toBe(false);
      open();
      expect(await answer).toEqual({ kind: 'ok' });
    });

    test('takes a request without spans', async () => {
      expect(await receiver.send(request())).toEqual({ kind: 'ok' });
      expect(sink.spans).toEqual([]);
    });

    test.each<[string, Partial<WireSpan>]>([
      ['a trace id of zeros', { traceId: Buffer.alloc(16) }],
      ['a span id of zeros', { spanId: Buffer.alloc(8) }],
      ['no trace id', { traceId: Buffer.alloc(0) }],
      ['a trace id of 17 bytes', { traceId: Buffer.alloc(17, 1) }],
      ['a span id of 9 bytes', { spanId: Buffer.alloc(9, 1) }],
    ])('refuses a span with %s and keeps the others', async (_, bad) => {
      const outcome = await receiver.send(request({ name: 'good' }, bad, { name: 'too' }));
      expect(outcome).toMatchObject({ kind: 'partial', rejectedSpans: 1 });
      expect(outcome).toHaveProperty('message', expect.stringMatching(/(trace|span)[ _]?id/i));
      expect(sink.spans.map((span) => span.name)).toEqual(['good', 'too']);
      expect(sink.batches[0]?.rejectedSpans).toBe(1);
    });

    test('counts all refused spans of a request', async () => {
      const bad = Array.from({ length: 30 }, () => ({ traceId: Buffer.alloc(16) }));
      expect(await receiver.send(request(...bad))).toMatchObject({
        kind: 'partial',
        rejectedSpans: 30,
      });
      expect(sink.spans).toEqual([]);
    });

    test.each<[string, Partial<WireSpan>, bigint, bigint]>([
      ['in 1970', { startTimeUnixNano: 1n, endTimeUnixNano: 2n }, 1n, 1n],
      [
        'in 2500',
        {
          startTimeUnixNano: 16_725_225_600_000_000_000n,
          endTimeUnixNano: 16_725_225_600_000_000_001n,
        },
        16_725_225_600_000_000_000n,
        1n,
      ],
    ])('keeps the time of a span %s as sent', async (_, given, startUnixNano, durationNano) => {
      expect(await receiver.send(request(given))).toEqual({ kind: 'ok' });
      expect(sink.spans[0]).toMatchObject({ startUnixNano, durationNano });
    });

    test('keeps a span that ends before it starts', async () => {
      const outcome = await receiver.send(request({ endTimeUnixNano: NOW - HOUR_NANOS }));
      expect(outcome).toEqual({ kind: 'ok' });
      expect(sink.spans[0]).toMatchObject({ startUnixNano: NOW, durationNano: 0n });
    });

    test('names the service of a resource that does not', async () => {
      const outcome = await receiver.send(encode({ spans: [wireSpan()] }));
      expect(outcome).toEqual({ kind: 'ok' });
      expect(sink.spans[0]?.resource.service).not.toBe('');
    });

    test('survives a name that is not UTF-8', async () => {
      const name = Buffer.from([0x61, 0xff, 0xfe, 0x62]);
      const outcome = await receiver.send(request({ name }, { name: 'good' }));
      expect(['ok', 'partial', 'invalid']).toContain(outcome.kind);
      expect(await receiver.send(request({ name: 'next' }))).toEqual({ kind: 'ok' });
      expect(sink.spans.at(-1)?.name).toBe('next');
    });

    test.each<[string, (body: Buffer) => Buffer]>([
      ['cut off', (body) => body.subarray(0, -3)],
      ['noise', () => Buffer.from('\u00ff\u0007not a request at all\u00ff')],
    ])('refuses a malformed request (%s) for good, and keeps nothing of it', async (_, spoil) => {
      const outcome = await receiver.send(spoil(request({}, {})));
      expect(outcome).toMatchObject({ kind: 'invalid', retryAfterMs: undefined });
      expect(outcome).toHaveProperty('message', expect.stringMatching(/./));
      expect(sink.spans).toEqual([]);
    });

    test.each(compressions)(
      'refuses $compression that is cut off',
      async ({ compression, compress }) => {
        const body = compress(request({}, {}));
        const outcome = await receiver.send(body.subarray(0, -12), { compression });
        expect(outcome).toMatchObject({
          kind: 'invalid',
          retryAfterMs: undefined,
        });
        expect(sink.spans).toEqual([]);
      },
    );

    test('refuses what claims to be gzip and is not', async () => {
      const outcome = await receiver.send(request({}), { compression: 'gzip' });
      expect(outcome.kind).toBe('invalid');
      expect(sink.spans).toEqual([]);
    });

    test('refuses a request over the limit for good', async () => {
      const outcome = await receiver.send(request({ name: 'x'.repeat(MAX_REQUEST_BYTES) }));
      expect(outcome).toMatchObject({ kind: 'too_large', retryAfterMs: undefined });
      expect(sink.batches).toEqual([]);
    });

    test.each(compressions)(
      'stops at the limit while it inflates $compression',
      async ({ compression, compress }) => {
        const bomb = compress(Buffer.alloc(40 * 1024 * 1024));
        expect(bomb.length).toBeLessThan(MAX_REQUEST_BYTES);
        const heldBefore = process.memoryUsage().arrayBuffers;
        expect((await receiver.send(bomb, { compression })).kind).toBe('too_large');
        expect(process.memoryUsage().arrayBuffers - heldBefore).toBeLessThan(10 * 1024 * 1024);
        expect(sink.batches).toEqual([]);
      },
    );

    test('asks the sender to come again when the store is full', async () => {
      sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 2000 });
      expect(await receiver.send(request({}))).toEqual({
        kind: 'unavailable',
        message: 'the backlog is full',
        retryAfterMs: 2000,
      });
      sink.failure = undefined;
      expect(await receiver.send(request({}))).toEqual({ kind: 'ok' });
    });

    test.each([undefined, ...compressions])(
      'asks the sender to come again when too much is in flight ($compression)',
      async (given) => {
        const spans = Array.from({ length: 20 }, () => ({ name: 'x'.repeat(100) }));
        const body = request(...spans);
        const sendIt = () =>
          given === undefined
            ? receiver.send(body)
            : receiver.send(given.compress(body), { compression: given.compression });
        budget.take(MAX_IN_FLIGHT_BYTES - 1500);
        const outcome = await sendIt();
        expect(outcome).toMatchObject({ kind: 'unavailable', retryAfterMs: 1000 });
        expect(sink.batches).toEqual([]);
        budget.giveBack(MAX_IN_FLIGHT_BYTES - 1500);
        expect(await sendIt()).toEqual({ kind: 'ok' });
        await until(() => budget.usedBytes === 0);
      },
    );

    test('counts a request as in flight until it is answered', async () => {
      let open = (): void => undefined;
      sink.gate = new Promise((resolve) => (open = resolve));
      const answer = receiver.send(request({}));
      await until(() => sink.batches.length === 1);
      expect(budget.usedBytes).toBeGreaterThan(0);
      open();
      expect(await answer).toEqual({ kind: 'ok' });
      await until(() => budget.usedBytes === 0);
    });

    test('asks the sender to come again when the disk refuses', async () => {
      sink.failure = new StorageError('no space left on device');
      const outcome = await receiver.send(request({}));
      expect(outcome).toMatchObject({ kind: 'unavailable', message: 'no space left on device' });
      expect(outcome).toHaveProperty('retryAfterMs', expect.any(Number));
    });

    test('logs what nobody foresaw and tells the sender nothing of it', async () => {
      sink.failure = new TypeError('secret is undefined');
      expect(await receiver.send(request({}))).toMatchObject({
        kind: 'failed',
        message: 'internal error',
      });
      expect(log.lines.join('\n')).toContain('secret is undefined');
    });

    test('goes on after whatever it refused', async () => {
      await receiver.send(Buffer.from('nonsense'));
      await receiver.send(request({ name: 'x'.repeat(MAX_REQUEST_BYTES) }));
      await receiver.send(Buffer.from('nonsense'), { compression: 'gzip' });
      expect(await receiver.send(request({}))).toEqual({ kind: 'ok' });
    });

    test('takes many requests at once', async () => {
      const sent = Array.from({ length: 50 }, () => receiver.send(request({}, {})));
      for (const outcome of await Promise.all(sent)) expect(outcome).toEqual({ kind: 'ok' });
      expect(sink.spans).toHaveLength(100);
    });

    test('answers what is in flight when it closes, and takes nothing new', async () => {
      let open = (): void => undefined;
      sink.gate = new Promise((resolve) => (open = resolve));
      const answer = receiver.send(request({}));
      await until(() => sink.batches.length === 1);
      const closed = receiver.listener.close(5000);
      open();
      expect(await answer).toEqual({ kind: 'ok' });
      await closed;
      receiver.disconnect();
      await expect(async () => {
        const outcome = await receiver.send(request({}));
        if (outcome.kind === 'unavailable') throw new Error(outcome.message);
      }).rejects.toThrow();
      expect(sink.spans).toHaveLength(1);
    });

    test('breaks off what is not done when its time to close is over', async () => {
      sink.gate = new Promise(() => undefined);
      const answer = receiver.send(request({})).then(
        (outcome) => outcome.kind,
        () => 'broken off',
      );
      await until(() => sink.batches.length === 1);
      await receiver.listener.close(50);
      expect(['broken off', 'unavailable', 'failed']).toContain(await answer);
    });
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(2);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

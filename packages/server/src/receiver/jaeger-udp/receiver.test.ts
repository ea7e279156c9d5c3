import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OverloadedError } from '@clew/model';
import type { JaegerAgentEncoding } from '@clew/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import type { Listener } from '../listener.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import type { QueueLimits } from './datagram-queue.ts';
import { createJaegerUdpReceiver } from './receiver.ts';

const TESTDATA = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../../protocol/testdata/jaeger',
);

/** What Jaeger's clients for Go and Node sent. */
const PAYLOADS: Readonly<Record<JaegerAgentEncoding, { bytes: Buffer; spanCount: number }>> = {
  compact: {
    bytes: readFileSync(join(TESTDATA, 'jaeger-client-go-2.30/users.udp-compact.bin')),
    spanCount: 6,
  },
  binary: {
    bytes: readFileSync(join(TESTDATA, 'jaeger-client-node-3.19/order.udp-binary.bin')),
    spanCount: 4,
  },
};

let sink: MemorySink;
let log: MemoryLog;
let metrics: ServerMetrics;
let sender: Socket;
let listener: Listener;
let port: number;

beforeEach(() => {
  sink = new MemorySink();
  log = new MemoryLog();
  metrics = new ServerMetrics('test');
  sender = createSocket('udp4');
});

afterEach(async () => {
  sender.close();
  await listener.close(0);
});

async function start(encoding: JaegerAgentEncoding, queueLimits?: QueueLimits): Promise<void> {
  const parts = { sink, metrics, log, encoding };
  listener = createJaegerUdpReceiver(queueLimits === undefined ? parts : { ...parts, queueLimits });
  port = await listener.listen({ host: '127.0.0.1', port: 0 });
}

function send(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sender.send(bytes, port, '127.0.0.1', (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(2);
}

const countOf = async (outcome: string): Promise<number> => {
  const line = new RegExp(`clew_receiver_requests_total{.*outcome="${outcome}"} (\\d+)`);
  return Number(line.exec(await metrics.format())?.[1] ?? 0);
};

describe.each(['compact', 'binary'] as const)('Jaeger’s agent, %s', (encoding) => {
  const { bytes, spanCount } = PAYLOADS[encoding];

  test('takes the spans of a datagram', async () => {
    await start(encoding);
    await send(bytes);
    await until(() => sink.spans.length > 0);
    expect(sink.spans).toHaveLength(spanCount);
    expect(sink.batches).toEqual([{ receiver: `jaeger_udp_${encoding}`, rejectedSpans: 0 }]);
  });

  test('makes few blocks of many datagrams', async () => {
    await start(encoding);
    for (let i = 0; i < 50; i++) await send(bytes);
    await until(() => sink.spans.length === 50 * spanCount);
    expect(sink.batches.length).toBeLessThan(25);
    await until(async () => (await countOf('ok')) === 50);
  });

  test('drops a bad datagram, keeps those beside it, and says so once', async () => {
    await start(encoding);
    await send(bytes);
    for (let i = 0; i < 20; i++) await send(Buffer.from('nonsense'));
    await send(bytes.subarray(0, -10));
    await send(Buffer.alloc(0));
    await send(bytes);
    await until(() => sink.spans.length === 2 * spanCount);
    await until(async () => (await countOf('invalid')) === 22);
    expect(log.lines.filter((line) => line.includes('datagrams were dropped'))).toHaveLength(1);
    await listener.close(1000);
    expect(log.lines.filter((line) => line.includes('datagrams were dropped'))).toHaveLength(2);
  });

  test('takes datagrams of 65,000 bytes', async () => {
    await start(encoding);
    // What comes after the message is passed over.
    await send(Buffer.concat([bytes, Buffer.alloc(65_000 - bytes.length)]));
    await until(() => sink.spans.length === spanCount);
  });
});

describe('Jaeger’s agent', () => {
  const { bytes, spanCount } = PAYLOADS.compact;

  test('drops what it cannot hold, goes on taking when the store does, and counts both', async () => {
    let open = (): void => undefined;
    sink.gate = new Promise((resolve) => (open = resolve));
    await start('compact', {
      gatherMs: 1,
      maxBlockBytes: bytes.length,
      maxQueuedBytes: 5 * bytes.length,
    });
    await send(bytes);
    await until(() => sink.batches.length === 1);
    for (let i = 0; i < 20; i++) await send(bytes);
    await until(async () => (await countOf('overloaded')) === 15);
    open();
    await until(() => sink.spans.length === 6 * spanCount);
    await send(bytes);
    await until(() => sink.spans.length === 7 * spanCount);
  });

  test('counts what the store refuses', async () => {
    await start('compact');
    sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 1000 });
    await send(bytes);
    await until(async () => (await countOf('overloaded')) === 1);
    sink.failure = undefined;
    await send(bytes);
    await until(() => sink.spans.length === spanCount);
  });

  test('stores what it has when it closes', async () => {
    await start('compact', { gatherMs: 60_000, maxBlockBytes: 1e9, maxQueuedBytes: 1e9 });
    await send(bytes);
    // The datagram has to be off the socket.
    await sleep(50);
    expect(sink.spans).toEqual([]);
    await listener.close(5000);
    expect(sink.spans).toHaveLength(spanCount);
  });

  test('does not wait for a store that does not answer when its time to close is over', async () => {
    await start('compact');
    sink.gate = new Promise(() => undefined);
    await send(bytes);
    await until(() => sink.batches.length === 1);
    await listener.close(20);
  });

  test('says which port is taken', async () => {
    await start('compact');
    const second = createJaegerUdpReceiver({ sink, metrics, log, encoding: 'compact' });
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
    await second.close(0);
  });
});

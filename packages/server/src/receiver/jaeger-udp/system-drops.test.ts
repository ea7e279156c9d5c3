import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import { createJaegerUdpReceiver } from './receiver.ts';
import { parseSystemDrops } from './system-drops.ts';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  123: 0100007F:1AAF 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31337 2 0000000000000000 17
  124: 00000000:1AB0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31338 2 0000000000000000 0
  125: 0200007F:1AAF 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31339 2 0000000000000000 3`;

test('drops are those of all sockets of the port', () => {
  expect(parseSystemDrops(TABLE, 6831)).toBe(20);
  expect(parseSystemDrops(TABLE, 6832)).toBe(0);
  expect(parseSystemDrops(TABLE, 6833)).toBeUndefined();
});

/** Sends more than a socket's buffer holds, and says when it has. */
const FLOOD = `
const { parentPort, workerData: { port, sent } } = require('node:worker_threads');
const socket = require('node:dgram').createSocket('udp4');
let left = 4000;
const next = () => {
  if (left-- > 0) return socket.send(Buffer.alloc(8192), port, '127.0.0.1', next);
  socket.close();
  Atomics.store(sent, 0, 1);
  Atomics.notify(sent, 0);
};
next();`;

test.runIf(process.platform === 'linux')(
  'datagrams that the system had no room for are counted and logged',
  async () => {
    const metrics = new ServerMetrics('test');
    const log = new MemoryLog();
    const parts = { sink: new MemorySink(), metrics, log, encoding: 'compact' as const };
    const listener = createJaegerUdpReceiver(parts);
    const port = await listener.listen({ host: '127.0.0.1', port: 0 });
    const sent = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(FLOOD, { eval: true, workerData: { port, sent } });
    // Nothing is read off the socket meanwhile, as when the process is busy.
    Atomics.wait(sent, 0, 0, 20_000);
    await listener.close(0);
    await worker.terminate();
    const dropped = /outcome="overloaded"} (\d+)/.exec(await metrics.format())?.[1];
    expect(Number(dropped)).toBeGreaterThan(100);
    expect(log.lines.join('\n')).toContain('datagrams were dropped');
  },
);

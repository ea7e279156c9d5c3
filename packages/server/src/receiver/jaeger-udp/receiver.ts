/**
 * Jaeger's agent: spans in datagrams, which nobody acknowledges and nobody repeats. What counts is to read them off the
 * socket at once, since the system drops what its buffer cannot hold, and to write seldom, since clients send many
 * small ones:
 *
 *     socket ── queue, bounded ── a few ms, or 1 MiB ── one block ── the store
 *
 * A block is on its way while the next datagrams gather. When the store is too slow the queue fills and new datagrams
 * are dropped: counted by reason and logged every now and then. What the system dropped before we could read it is asked
 * for and counted, too.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { decodeJaegerAgentMessage } from '@clew/protocol';
import type { DecodeLimits, JaegerAgentEncoding } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { ServerMetrics } from '../../telemetry/metrics.ts';
import type { ListenAddress, Listener } from '../listener.ts';
import { DatagramQueue } from './datagram-queue.ts';
import type { QueueLimits } from './datagram-queue.ts';
import { DropLog } from './drop-log.ts';
import { readSystemDrops } from './system-drops.ts';

export interface JaegerUdpOptions {
  readonly sink: SpanSink;
  readonly metrics: ServerMetrics;
  readonly log: Logger;
  /** Which of thrift's protocols the port speaks. */
  readonly encoding: JaegerAgentEncoding;
  /** What is taken of a datagram; the decoder's own by default. */
  readonly limits?: DecodeLimits | undefined;
  readonly queueLimits?: QueueLimits;
}

/** The receivers' names in metrics. */
const RECEIVERS: Readonly<Record<JaegerAgentEncoding, string>> = {
  compact: 'jaeger_udp_compact',
  binary: 'jaeger_udp_binary',
};

/** What the system may hold for us; it gives less where its own limit is lower (`net.core.rmem_max`). */
const RECEIVE_BUFFER_BYTES = 8 * 1024 ** 2;

const SYSTEM_DROPS_INTERVAL_MS = 10_000;

/** Receives `emitBatch` messages, as many in a block as come within a few milliseconds. */
export function createJaegerUdpReceiver(options: JaegerUdpOptions): Listener {
  const { sink, metrics, log, encoding, limits, queueLimits } = options;
  const receiver = RECEIVERS[encoding];
  const drops = new DropLog(receiver, metrics, log);
  const queue = new DatagramQueue({
    sink,
    receiver,
    metrics,
    drops,
    decode: (datagram, block) => decodeJaegerAgentMessage(datagram, block, { encoding, limits }),
    log,
    ...(queueLimits === undefined ? {} : { limits: queueLimits }),
  });
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let systemDrops = 0;
  const countSystemDrops = async (port: number): Promise<void> => {
    const count = (await readSystemDrops(port)) ?? 0;
    if (count > systemDrops) {
      drops.add('overloaded', 'the system had no room for them', count - systemDrops);
    }
    systemDrops = count;
  };
  return {
    listen: async (address) => {
      socket = await bind(address, log);
      socket.on('message', (datagram) => queue.add(datagram));
      const { port } = socket.address();
      systemDrops = (await readSystemDrops(port)) ?? 0;
      timer = setInterval(() => void countSystemDrops(port), SYSTEM_DROPS_INTERVAL_MS).unref();
      return port;
    },
    close: async (graceMs) => {
      clearInterval(timer);
      const bound = socket;
      socket = undefined;
      // Who closes the socket forgets what it dropped.
      if (bound !== undefined) await countSystemDrops(bound.address().port);
      if (bound !== undefined) await new Promise<void>((resolve) => bound.close(() => resolve()));
      await queue.drain(graceMs);
      drops.close();
    },
  };
}

function bind({ host, port }: ListenAddress, log: Logger): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const type = host.includes(':') ? 'udp6' : 'udp4';
    const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES });
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ port, address: host }, () => {
      socket.off('error', fail);
      socket.on('error', (error) => {
        log.warn('a datagram could not be received', { reason: error.message });
      });
      resolve(socket);
    });
  });
}

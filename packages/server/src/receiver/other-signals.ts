import {
  countSignalItems,
  encodeExportResponseProtobuf,
  encodeSignalResponse,
} from '@clew/protocol';
import type { OtherSignal, OtlpEncoding } from '@clew/protocol';
import type { Logger } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';

export interface OtherSignalsOptions {
  /** The receiver's name in metrics. */
  readonly receiver: string;
  readonly metrics: ServerMetrics;
  readonly log: Logger;
}

/** A request of a signal that Clew does not keep. */
export interface SignalRequest {
  readonly signal: OtherSignal;
  readonly encoding: OtlpEncoding;
  /** The sender's. */
  readonly address: string;
}

export interface SignalAnswer {
  readonly body: Uint8Array | string;
  readonly outcome: 'ok' | 'partial';
}

/** Senders that are remembered; those that come later are not written to the log. */
const MAX_SENDERS = 1000;

/** All of them. */
export const OTHER_SIGNALS: readonly OtherSignal[] = ['metrics', 'logs', 'profiles'];

/** Where each signal is sent: below the address of OTLP/HTTP, and as a gRPC method. */
export const SIGNAL_PATHS: Readonly<Record<OtherSignal, { http: string; grpc: string }>> = {
  metrics: {
    http: '/v1/metrics',
    grpc: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  },
  logs: {
    http: '/v1/logs',
    grpc: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  },
  profiles: {
    http: '/v1development/profiles',
    grpc: '/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export',
  },
};

/**
 * Answers metrics, logs and profiles so that their senders neither repeat them nor report errors without end: with
 * success, of which nothing was kept. They are counted, and each sender is named in the log once.
 */
export class OtherSignals {
  readonly #options: OtherSignalsOptions;
  readonly #seen = new Set<string>();

  constructor(options: OtherSignalsOptions) {
    this.#options = options;
  }

  /** Throws `DecodeError`. */
  answer(bytes: Uint8Array, { signal, encoding, address }: SignalRequest): SignalAnswer {
    const count = countSignalItems(bytes, { signal, encoding });
    if (count === 0)
      return {
        body: encoding === 'json' ? '{}' : encodeExportResponseProtobuf(),
        outcome: 'ok',
      };
    this.#options.metrics.countUnkept(this.#options.receiver, signal, count);
    this.#logOnce(signal, address);
    const message = `Clew keeps traces only; ${signal} are not kept`;
    return { body: encodeSignalResponse(count, message, { signal, encoding }), outcome: 'partial' };
  }

  #logOnce(signal: OtherSignal, address: string): void {
    const key = `${signal} ${address}`;
    if (this.#seen.has(key) || this.#seen.size >= MAX_SENDERS) return;
    this.#seen.add(key);
    this.#options.log.info('a sender sends what is not kept; said once for each sender', {
      signal,
      address,
      receiver: this.#options.receiver,
    });
  }
}

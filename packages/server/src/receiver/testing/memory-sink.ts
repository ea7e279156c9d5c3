import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import { readSpans } from '@clew/protocol';
import type { ReceivedBatch, SpanSink } from '../../pipeline/span-sink.ts';
import type { Logger } from '../../telemetry/log.ts';

/** The far end of a receiver under test: keeps spans in memory, or fails as it is told. */
export class MemorySink implements SpanSink {
  readonly spans: Span[] = [];
  readonly batches: ReceivedBatch[] = [];
  failure: Error | undefined;
  /** Nothing is acknowledged before it resolves. */
  gate: Promise<void> | undefined;

  nextTurn(): Promise<void> {
    return Promise.resolve();
  }

  createBlock(): SpanBlock {
    return new SpanBlock('default');
  }

  async accept(block: SpanBlock, received: ReceivedBatch): Promise<void> {
    // Like the store, it has read the block before anything else happens.
    const spans = readSpans(block);
    this.batches.push(received);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    this.spans.push(...spans);
  }
}

/** A log that keeps what it is told. */
export class MemoryLog implements Logger {
  readonly lines: string[] = [];

  debug(message: string): void {
    this.lines.push(`debug ${message}`);
  }

  info(message: string): void {
    this.lines.push(`info ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }

  error(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`error ${message} ${JSON.stringify(fields)}`);
  }
}

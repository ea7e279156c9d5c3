import type { Clock } from '@clew/model';
import type { LogField, Logger } from '../../telemetry/log.ts';
import { openStore } from '../clickhouse/open-store.ts';
import type { StoreOptions } from '../clickhouse/open-store.ts';
import type { SpanStore } from '../span-store.ts';
import { NOW_MS } from './spans.ts';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  ms: number = NOW_MS;

  nowMs(): number {
    return this.ms;
  }
}

/** Keeps what was logged at `warn` and above. */
export class RecordedLog implements Logger {
  readonly lines: string[] = [];

  debug(): void {}

  info(): void {}

  warn(message: string, fields: Readonly<Record<string, LogField>> = {}): void {
    this.lines.push(`${message} ${formatFields(fields)}`);
  }

  error(message: string, fields: Readonly<Record<string, LogField>> = {}): void {
    this.lines.push(`${message} ${formatFields(fields)}`);
  }
}

function formatFields(fields: Readonly<Record<string, LogField>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');
}

const DAY_MS = 86_400_000;
export const RETENTION_MS: number = 7 * DAY_MS;

export function openTestStore(
  dataDir: string,
  options: Partial<StoreOptions> = {},
): Promise<SpanStore> {
  return openStore({
    dataDir,
    retentionMs: RETENTION_MS,
    clock: new ManualClock(),
    log: new RecordedLog(),
    ...options,
  });
}

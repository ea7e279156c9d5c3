import { unixNano } from '@clew/model';
import type { UnixNano } from '@clew/model';

const RFC3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/;

/** Reads a time as RFC 3339 has it, to the nanosecond; `undefined` when it is anything else. */
export function parseTimestamp(text: string): UnixNano | undefined {
  const [, seconds = '', fraction = '', zone = ''] = RFC3339.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const nanos = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return unixNano(BigInt(milliseconds) * 1_000_000n + nanos);
}

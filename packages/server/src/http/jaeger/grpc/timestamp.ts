import { durationNano, unixNano } from '@clew/model';
import type { DurationNano, UnixNano } from '@clew/model';
import type { MessageValue } from '@clew/protocol';

/** `google.protobuf.Timestamp`, and `Duration`, which has the same fields. */
export const TIMESTAMP = {
  seconds: { number: 1, type: 'int64' },
  nanos: { number: 2, type: 'int32' },
} as const;

type Timestamp = MessageValue<typeof TIMESTAMP>;

/** Where Go's time begins, the year 1: what its programs send for a time that they do not name. */
const GO_ZERO_SECONDS = -62_135_596_800n;

/** Undefined for a time that is not named. */
export function toUnixNano(timestamp: Timestamp | undefined): UnixNano | undefined {
  const { seconds = 0n, nanos = 0 } = timestamp ?? {};
  if (timestamp === undefined || seconds <= GO_ZERO_SECONDS) return undefined;
  return unixNano(seconds * 1_000_000_000n + BigInt(nanos));
}

/** Go's durations are signed 64-bit numbers; those of a message reach further. */
const MAX_DURATION_NANO = 2n ** 63n - 1n;

/** Undefined for none, which asks for nothing. */
export function toDurationNano(duration: Timestamp | undefined): DurationNano | undefined {
  const { seconds = 0n, nanos = 0 } = duration ?? {};
  const length = seconds * 1_000_000_000n + BigInt(nanos);
  return length === 0n
    ? undefined
    : durationNano(length < MAX_DURATION_NANO ? length : MAX_DURATION_NANO);
}

import { GrpcProtocolError } from './protocol-error.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** How long the sender waits, in milliseconds; `undefined` when it does not say so, or not in gRPC's form. */
export function parseTimeout(header: string | string[] | undefined): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(header));
  if (match === null) return undefined;
  return Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? 0);
}

/** Timers of Node count in 31 bits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What `work` comes to, or `deadline_exceeded` when it takes longer; it is not stopped by that. */
export async function withDeadline<T>(
  work: Promise<T>,
  timeoutMs: number | undefined,
  message: string,
): Promise<T> {
  if (timeoutMs === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const delayMs = Math.min(Math.max(0, timeoutMs), MAX_TIMER_MS);
    timer = setTimeout(() => reject(new GrpcProtocolError('deadline_exceeded', message)), delayMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { z } from 'zod';
import type { PreferenceStorage } from './preferences.ts';

/** A trace of the store that was looked at in this browser, with what it is called. */
export interface ViewedTrace {
  readonly traceId: string;
  /** Of the root, or of the earliest span where the root is missing. */
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationNs: number;
  readonly spanCount: number;
  readonly errorCount: number;
}

const KEY = 'clew.viewed-traces';
const MAX_VIEWED = 20;

const viewed = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  service: z.string(),
  name: z.string(),
  startMs: z.number(),
  durationNs: z.number(),
  spanCount: z.number(),
  errorCount: z.number(),
});

/** Newest first; what is damaged is left out. */
export function readViewedTraces(storage: PreferenceStorage): readonly ViewedTrace[] {
  try {
    const parsed = z.array(z.unknown()).safeParse(JSON.parse(storage.getItem(KEY) ?? '[]'));
    return (parsed.data ?? []).flatMap((each) => viewed.safeParse(each).data ?? []);
  } catch {
    return []; // Not JSON, or storage is forbidden.
  }
}

/** A trace that was looked at before takes the first place again. */
export function rememberViewedTrace(storage: PreferenceStorage, trace: ViewedTrace): void {
  const others = readViewedTraces(storage).filter(({ traceId }) => traceId !== trace.traceId);
  try {
    storage.setItem(KEY, JSON.stringify([trace, ...others].slice(0, MAX_VIEWED)));
  } catch {
    // Storage is full or forbidden: the trace is found in other ways.
  }
}

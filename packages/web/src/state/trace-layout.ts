import { z } from 'zod';
import type { ValueStorage } from './stored-value.ts';

/** How a reader has divided the trace page, kept in this browser. */
export interface TraceLayout {
  /** Of the tree beside the waterfall; `undefined` until it was changed, so that the style sheet decides. */
  readonly treeWidthPx?: number | undefined;
  readonly detailsWidthPx?: number | undefined;
}

const KEY = 'clew.trace-layout';

const width = z.number().min(80).max(2_000).optional().catch(undefined);
const schema = z.object({ treeWidthPx: width, detailsWidthPx: width });

/** Reads the layout; what is damaged is left out. */
export function readTraceLayout(storage: ValueStorage): TraceLayout {
  try {
    const parsed = schema.safeParse(JSON.parse(storage.getItem(KEY) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {}; // Not JSON, or storage is forbidden.
  }
}

export function writeTraceLayout(storage: ValueStorage, change: TraceLayout): void {
  try {
    storage.setItem(KEY, JSON.stringify({ ...readTraceLayout(storage), ...change }));
  } catch {
    // Storage is full or forbidden: the layout holds until the page is closed.
  }
}

import { z } from 'zod';
import { StoredValue } from './stored-value.ts';
import type { ValueStorage } from './stored-value.ts';

/** A trace of the store that was looked at in this browser, with what it is called. */
export interface RecentTrace {
  readonly traceId: string;
  /** Of the root, or of the earliest span where the root is missing. */
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationNs: number;
  readonly spanCount: number;
  readonly errorCount: number;
}

const MAX_TRACES = 20;
/** A name may have kilobytes; what a list shows is less. */
const MAX_NAME = 200;

const recent = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  service: z.string(),
  name: z.string(),
  startMs: z.number(),
  durationNs: z.number(),
  spanCount: z.number(),
  errorCount: z.number(),
});

/** What is damaged is left out. */
const schema = z
  .array(z.unknown())
  .transform((traces) => traces.flatMap((one) => recent.safeParse(one).data ?? []));

/** The traces that were looked at, newest first, each once. */
export class RecentTraces extends StoredValue<readonly RecentTrace[]> {
  constructor(storage: ValueStorage) {
    super(storage, { key: 'clew.traces', schema, fallback: [] });
  }

  readonly remember = (trace: RecentTrace): void => {
    const { traceId } = trace;
    const name = trace.name.slice(0, MAX_NAME);
    const service = trace.service.slice(0, MAX_NAME);
    this.change((traces) =>
      [{ ...trace, name, service }, ...traces.filter((one) => one.traceId !== traceId)].slice(
        0,
        MAX_TRACES,
      ),
    );
  };
}

import { z } from 'zod';
import { StoredValue } from './stored-value.ts';
import type { ValueStorage } from './stored-value.ts';

/** A trace that was looked at, by what its page said. */
export interface RecentTrace {
  readonly traceId: string;
  readonly name: string;
  readonly service: string;
}

const MAX_TRACES = 20;
/** A name may have kilobytes; what a list shows is less. */
const MAX_NAME = 200;

const schema = z.array(
  z.object({ traceId: z.string().regex(/^[0-9a-f]{32}$/), name: z.string(), service: z.string() }),
);

/** The traces of the store that were looked at in this browser, newest first. */
export class RecentTraces extends StoredValue<readonly RecentTrace[]> {
  constructor(storage: ValueStorage) {
    super(storage, { key: 'clew.traces', schema, fallback: [] });
  }

  readonly remember = ({ traceId, name, service }: RecentTrace): void => {
    const shown = {
      traceId,
      name: name.slice(0, MAX_NAME),
      service: service.slice(0, MAX_NAME),
    };
    this.change((traces) =>
      [shown, ...traces.filter((one) => one.traceId !== traceId)].slice(0, MAX_TRACES),
    );
  };
}

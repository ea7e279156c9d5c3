import type { PairSource } from '../../../trace/compare/order-pairs.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import type { CompareClient } from '../compare-client.ts';

/** One of the traces, loaded, and whom to ask for more of it. */
export interface WorkSide {
  readonly view: TraceView;
  readonly client: CompareClient;
}

/** What is shown is a row of `compared.spans`, or nothing. */
export interface Selection {
  readonly row: number | undefined;
  readonly onSelect: (row: number | undefined) => void;
}

/** What the tables and the details are about. */
export interface WorkSource extends PairSource {
  readonly base: WorkSide;
  readonly other: WorkSide;
}

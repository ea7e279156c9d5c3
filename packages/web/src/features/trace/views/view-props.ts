import type { FrameScheduler } from '../../../base/frame-scheduler.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import type { FindState } from '../find/find-state.ts';
import type { TraceClient } from '../trace-client.ts';

/** What every picture of the trace gets. */
export interface ViewProps {
  readonly client: TraceClient;
  readonly state: TraceState;
  readonly find: FindState;
  readonly scheduler: FrameScheduler;
}

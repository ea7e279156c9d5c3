import type { ClewClient } from '@clew/api';
import type { FrameScheduler } from '../../../base/frame-scheduler.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import type { FindState } from '../find/find-state.ts';

/** What the trace page asks the server for. */
export type TraceClient = Pick<
  ClewClient,
  'readSpan' | 'listTraceAttributes' | 'readTraceAttribute' | 'streamTrace'
>;

/** What every picture of the trace gets. */
export interface ViewProps {
  readonly client: TraceClient;
  readonly state: TraceState;
  readonly find: FindState;
  readonly scheduler: FrameScheduler;
}

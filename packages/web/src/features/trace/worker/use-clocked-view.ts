import type { ClockMode } from '../../../trace/correct-clocks.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { useJob } from './use-job.ts';

/**
 * The view with the times that are wanted, of an answer whose clocks are put right. The times of a large trace as they were sent come
 * later; until then it is the answer.
 */
export function useClockedView(answer: TraceView, clock: ClockMode): TraceView {
  const isWanted = clock === 'sent' && answer.clock !== undefined;
  const { done } = useJob('sentView', {
    input: isWanted ? answer.clock.sentColumns : undefined,
    trace: answer.traceId,
    subject: clock,
  });
  return isWanted ? (done?.result ?? answer) : answer;
}

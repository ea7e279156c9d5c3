import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { PathMode } from '../../../state/insight-state.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { useReadable } from '../use-readable.ts';

/** The critical path: shows what its line looks like, and switches it. */
export function PathButtons({ state }: { readonly state: TraceState }): ReactNode {
  const mode = useReadable(state.insights.path);
  const insight = useReadable(state.insights.insight);
  const texts = messages.trace.path;
  return (
    <span className="path-buttons" role="group" aria-label={texts.label}>
      <button
        type="button"
        aria-pressed={mode !== 'hidden'}
        disabled={insight === undefined}
        title={mode === 'hidden' ? texts.showTitle : texts.hideTitle}
        onClick={() => togglePath(state, 'hidden')}
      >
        <span className="path-sample" aria-hidden="true" />
        {texts.label}
      </button>
      <button
        type="button"
        aria-pressed={mode === 'only'}
        disabled={insight === undefined}
        aria-label={texts.onlyLabel}
        title={texts.onlyTitle}
        onClick={() => togglePath(state, 'only')}
      >
        {texts.only}
      </button>
    </span>
  );
}

/** Into a mode, or out of it again. */
export function togglePath(state: TraceState, mode: Exclude<PathMode, 'shown'>): void {
  state.setPathMode(state.insights.path.get() === mode ? 'shown' : mode);
}

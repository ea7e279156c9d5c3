import type { ReactNode } from 'react';
import { findings as findingsTexts } from '../../../messages/findings.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { severityOf } from '../../../trace/finding-spans.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useReadable } from '../use-readable.ts';
import { toggleFindings } from './look-at-finding.ts';
import './findings.css';

/** How much was found; opens and closes the list. */
export function FindingsButton({ state }: { readonly state: TraceState }): ReactNode {
  const { insights } = state;
  const found = useReadable(insights.insight)?.findings;
  const isOpen = useReadable(insights.findings) !== undefined;
  const isFailed = useReadable(insights.failure) !== undefined;
  const texts = findingsTexts;
  const isWarning = found?.some((finding) => severityOf(finding) !== 'note') ?? false;
  const count = found?.length ?? 0;
  const words = count > 0 ? texts.button(count) : texts.none;
  return (
    <button
      type="button"
      className="findings-button"
      aria-expanded={isOpen}
      data-warning={isWarning}
      title={texts.buttonTitle}
      onClick={() => toggleFindings(state)}
    >
      <Icon name="finding" />
      {found === undefined && !isFailed ? texts.pending : words}
    </button>
  );
}

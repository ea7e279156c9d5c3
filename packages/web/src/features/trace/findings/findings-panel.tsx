import type { Finding } from '@clew/model';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import type { TimeRange } from '../../../base/time-range.ts';
import { findings as findingsTexts } from '../../../messages/findings.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { rankOfMark } from '../../../trace/find-next.ts';
import { formatFindingKey, severityOf } from '../../../trace/finding-spans.ts';
import type { Severity } from '../../../trace/finding-spans.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { useReadable } from '../use-readable.ts';
import { describeFinding } from './finding-text.ts';
import { lookAtFinding, stepEvidence } from './look-at-finding.ts';
import './findings.css';

export interface FindingsPanelProps {
  readonly state: TraceState;
  readonly onZoom: (range: TimeRange) => void;
}

/** What was found in the trace: each in words, a click from its spans. */
export function FindingsPanel({ state, onZoom }: FindingsPanelProps): ReactNode {
  const { insights } = state;
  const insight = useReadable(insights.insight);
  const failure = useReadable(insights.failure);
  const view = useReadable(state.view);
  const texts = findingsTexts;
  return (
    <section className="findings" aria-label={texts.title}>
      <header className="findings-head">
        <h2>{texts.title}</h2>
        <Button
          look="quiet"
          aria-label={texts.close}
          title={texts.close}
          onClick={() => insights.close(state.view.get())}
        >
          <Icon name="close" />
        </Button>
      </header>
      {insight === undefined ? (
        <p className="detail-note" role="status">
          {failure === undefined ? texts.pending : texts.failed(failure)}
        </p>
      ) : insight.findings.length === 0 ? (
        <div className="detail-note">
          <p>{texts.emptyTitle}</p>
          <p>{texts.emptyText}</p>
        </div>
      ) : (
        <div className="findings-body">
          <ol>
            {insight.findings.map((finding) => (
              <li key={formatFindingKey(view, finding)}>
                <FindingItem finding={finding} root={insight.root} state={state} onZoom={onZoom} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

const ICONS: Readonly<Record<Severity, IconName>> = {
  error: 'error',
  high: 'warning',
  low: 'warning',
  note: 'info',
};

interface FindingItemProps extends FindingsPanelProps {
  readonly finding: Finding;
  /** The span that savings are of. */
  readonly root: number;
}

function FindingItem({ finding, root, state, onZoom }: FindingItemProps): ReactNode {
  const item = useRef<HTMLButtonElement>(null);
  const view = useReadable(state.view);
  const isOpen = useReadable(state.insights.finding) === finding;
  const severity = severityOf(finding);
  const { title, text, cost } = describeFinding(view, finding, root);
  useEffect(() => {
    if (isOpen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  const look = () => {
    const range = lookAtFinding(state, finding);
    if (range !== undefined) onZoom(range);
  };
  return (
    <div className="finding" data-severity={severity} data-open={isOpen}>
      <button ref={item} type="button" aria-pressed={isOpen} onClick={look}>
        <Icon name={ICONS[severity]} />
        <span className="visually-hidden">{`${findingsTexts.severities[severity]}: `}</span>
        <strong>{title}</strong>
        <span className="finding-text">{text}</span>
        {cost === undefined ? undefined : <span className="finding-cost">{cost}</span>}
      </button>
      {isOpen ? <EvidenceSteps finding={finding} state={state} /> : undefined}
    </div>
  );
}

/** Goes through the spans of the finding that is looked at. */
function EvidenceSteps({ finding, state }: Pick<FindingItemProps, 'finding' | 'state'>): ReactNode {
  const marks = useReadable(state.insights.evidence);
  const selected = useReadable(state.selection);
  const texts = findingsTexts;
  const { length } = finding.spans;
  const rank = marks === undefined ? 0 : rankOfMark(state.view.get().tree, marks, selected);
  const count =
    length < finding.spanCount
      ? texts.capped(formatCount(length), formatCount(finding.spanCount))
      : undefined;
  return (
    <div className="finding-steps">
      <output title={count}>{texts.rank(rank, formatCount(length))}</output>
      <button
        type="button"
        aria-label={texts.previous}
        title={texts.previous}
        onClick={() => stepEvidence(state, -1)}
      >
        <Icon name="chevronUp" />
      </button>
      <button
        type="button"
        aria-label={texts.next}
        title={texts.next}
        onClick={() => stepEvidence(state, 1)}
      >
        <Icon name="chevronDown" />
      </button>
    </div>
  );
}

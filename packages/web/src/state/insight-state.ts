/**
 * What is shown of the analysis of a trace. The analysis comes later than the trace and anew with each answer; what a person has
 * chosen stays, and is applied when there is one.
 */
import type { Finding } from '@clew/model';
import { findFindingByKey, formatFindingKey, markEvidence } from '../trace/finding-spans.ts';
import type { TraceInsight } from '../trace/trace-insight.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { Store } from './store.ts';

/** Whether the critical path is drawn, and whether spans beside it are hidden. */
export const PATH_MODES = ['shown', 'hidden', 'only'] as const;
export type PathMode = (typeof PATH_MODES)[number];

/** What an address says of it. */
export interface InsightStart {
  readonly path?: PathMode | undefined;
  /** `open` for the list alone, else the key of the finding that is looked at (`formatFindingKey`). */
  readonly findings?: string | undefined;
}

const LIST_OPEN = 'open';

export class InsightState {
  /** Undefined until the trace has been analysed. */
  readonly insight = new Store<TraceInsight | undefined>(undefined);
  /** Why there is none. */
  readonly failure = new Store<string | undefined>(undefined);
  readonly path: Store<PathMode>;
  /** As in `InsightStart`; undefined while the list is closed. */
  readonly findings: Store<string | undefined>;
  /** The finding that is looked at, and 1 for each span that shows it. */
  readonly finding = new Store<Finding | undefined>(undefined);
  readonly evidence = new Store<Uint8Array | undefined>(undefined);

  constructor({ path, findings }: InsightStart) {
    this.path = new Store(path ?? 'shown');
    this.findings = new Store(findings);
  }

  /** The analysis of a view; undefined while there is none. */
  set(view: TraceView, insight: TraceInsight | undefined): void {
    this.insight.set(insight);
    this.failure.set(undefined);
    this.#findFinding(view);
  }

  /** What the address says; where it says nothing of the path, it is shown. */
  apply(view: TraceView, { path, findings }: InsightStart): void {
    this.path.set(path ?? 'shown');
    this.findings.set(findings);
    this.#findFinding(view);
  }

  /** Opens the list of findings, and of them one. */
  open(view: TraceView, finding?: Finding): void {
    this.findings.set(finding === undefined ? LIST_OPEN : formatFindingKey(view, finding));
    this.#findFinding(view);
  }

  close(view: TraceView): void {
    this.findings.set(undefined);
    this.#findFinding(view);
  }

  /** 1 for the spans that have a row; undefined when all have. */
  get shown(): Uint8Array | undefined {
    return this.path.get() === 'only' ? this.insight.get()?.path.isOnPath : undefined;
  }

  #findFinding(view: TraceView): void {
    const key = this.findings.get();
    const found = this.insight.get()?.findings ?? [];
    const isOne = key !== undefined && key !== LIST_OPEN;
    const finding = isOne ? findFindingByKey(view, found, key) : undefined;
    this.finding.set(finding);
    this.evidence.set(finding === undefined ? undefined : markEvidence(view.spanCount, finding));
  }
}

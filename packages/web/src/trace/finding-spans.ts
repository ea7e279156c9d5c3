/** The findings of a trace and the spans that show them. */
import type { Finding, FindingKind } from '@clew/model';
import { findSpanByKey, formatSpanKey } from './span-key.ts';
import type { TraceView } from './trace-view.ts';

/** How a link names a finding: its kind and its first span, so that it is found again when more spans have arrived. */
export function formatFindingKey(view: TraceView, { kind, spans }: Finding): string {
  const [first] = spans;
  return first === undefined ? kind : `${kind}.${formatSpanKey(view, first)}`;
}

/** The finding that a key names: of its kind and with its span, if there is none that begins with it. */
export function findFindingByKey(
  view: TraceView,
  findings: readonly Finding[],
  key: string,
): Finding | undefined {
  const dot = key.indexOf('.');
  const kind = dot < 0 ? key : key.slice(0, dot);
  const span = dot < 0 ? undefined : findSpanByKey(view, key.slice(dot + 1));
  const ofKind = findings.filter((finding) => finding.kind === kind);
  if (span === undefined) return dot < 0 ? ofKind[0] : undefined;
  return (
    ofKind.find(({ spans }) => spans[0] === span) ??
    ofKind.find(({ spans }) => spans.includes(span))
  );
}

/** 1 for the spans that show a finding. */
export function markEvidence(spanCount: number, { spans }: Finding): Uint8Array {
  const marks = new Uint8Array(spanCount);
  for (const span of spans) marks[span] = 1;
  return marks;
}

const LED_BY_FIRST: ReadonlySet<FindingKind> = new Set([
  'other-errors',
  'repeated-calls',
  'retries',
]);

/** The span that a finding is looked at first: where the error began, else the slowest of those that show it. */
export function mainSpanOf(finding: Finding, durationsNs: Float64Array): number | undefined {
  if (finding.kind === 'error-origin') return finding.origin;
  const [first] = finding.spans;
  if (first === undefined || LED_BY_FIRST.has(finding.kind)) return first;
  return finding.spans.reduce((longest, span) =>
    (durationsNs[span] ?? 0) > (durationsNs[longest] ?? 0) ? span : longest,
  );
}

/** How much a finding matters, which the screen shows by a mark and a word. */
export type Severity = 'error' | 'high' | 'low' | 'note';

/** From this share of the root's duration on, what could be saved is much. */
const HIGH_SHARE = 0.2;

export function severityOf(finding: Finding): Severity {
  const { savingNs, savingShare } = finding;
  if (finding.kind === 'error-origin') return finding.reach === 'handled' ? 'note' : 'error';
  if (finding.kind === 'other-errors') return finding.areHandled ? 'note' : 'error';
  if (savingNs <= 0) return 'note';
  return savingShare >= HIGH_SHARE ? 'high' : 'low';
}

import type { Finding, FindingKind } from '@clew/model';
import { isolatedText } from '../../../base/visible-text.ts';
import { formatCount, formatDuration } from '../../../base/format.ts';
import { findings as findingsTexts } from '../../../messages/findings.ts';
import { messages } from '../../../messages/messages.ts';
import { kindOf, nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';

/** A finding in words. */
export interface FindingText {
  readonly title: string;
  readonly text: string;
  /** What mending it would save; undefined for what costs no time. */
  readonly cost: string | undefined;
}

/** Puts a finding's numbers into words. `root` is the span that the analysis is of. */
export function describeFinding(view: TraceView, finding: Finding, root: number): FindingText {
  return { ...describe(view, finding, root), cost: describeCost(view, finding) };
}

/** A root that takes less than the trace is told apart from it: what a message set off may last longer. */
function describeCost(
  view: TraceView,
  { savingNs, savingShare, root }: Finding,
): string | undefined {
  if (savingNs <= 0) return undefined;
  const texts = findingsTexts;
  const isWhole = (view.durationsNs[root] ?? 0) >= view.durationNs * 0.99;
  const saving = formatDuration(savingNs);
  const share = formatPercent(savingShare);
  return isWhole
    ? texts.saves(saving, share)
    : texts.savesOfRoot(saving, share, spanName(view, root));
}

type Words = Pick<FindingText, 'title' | 'text'>;

type Describe<Kind extends FindingKind> = (
  view: TraceView,
  finding: Extract<Finding, { readonly kind: Kind }>,
  root: number,
) => Words;

const { kinds } = findingsTexts;

const DESCRIPTIONS: { readonly [Kind in FindingKind]: Describe<Kind> } = {
  'error-origin': describeError,
  'other-errors': (_, { spanCount, wayCount }) => ({
    title: kinds.otherErrors.title(formatCount(spanCount)),
    text: kinds.otherErrors.text(wayCount),
  }),
  'repeated-calls': (view, { spans, spanCount, parent, work, totalNs }) => ({
    title: kinds.repeated.title(formatCount(spanCount), spanName(view, spans[0])),
    text: kinds.repeated[work](
      spanName(view, parent),
      isolatedText(serviceOf(view, parent)),
      formatDuration(totalNs),
    ),
  }),
  'sequential-calls': (view, { spans, spanCount, parent, totalNs, longestNs }) => {
    const isSending = kindOf(view, spans[0] ?? 0) === 'producer';
    const texts = isSending ? kinds.sequentialMessages : kinds.sequential;
    return {
      title: texts.title(spanCount, spanName(view, parent)),
      text: texts.text(
        isolatedText(serviceOf(view, parent)),
        formatDuration(totalNs),
        formatDuration(longestNs),
      ),
    };
  },
  retries: (view, { tried, spanCount, hasSucceeded, mayBeLoop, failedNs, pausesNs }) => {
    const failed = formatDuration(failedNs);
    const pauses = formatDuration(pausesNs);
    if (mayBeLoop)
      return {
        title: kinds.retries.loopTitle(spanName(view, tried), spanCount),
        text: kinds.retries.loop(formatDuration(failedNs + pausesNs)),
      };
    return {
      title: kinds.retries.title(spanName(view, tried), spanCount),
      text: hasSucceeded
        ? kinds.retries.succeeded(failed, pauses)
        : kinds.retries.failed(spanCount, failed, pauses),
    };
  },
  'waiting-calls': (view, { spanCount, service, waitedNs }) => ({
    title: kinds.waitingCalls.title(serviceName(view, service)),
    text: kinds.waitingCalls.text(formatCount(spanCount), formatDuration(waitedNs)),
  }),
  'slow-dependency': describeSlowness,
  'waiting-messages': (view, { spanCount, service, longestNs }) => ({
    title: kinds.waitingMessages.title(serviceName(view, service)),
    text: kinds.waitingMessages.text(formatCount(spanCount), formatDuration(longestNs)),
  }),
  'abandoned-work': (view, { spans, spanCount, afterNs }) => ({
    title: kinds.abandoned.title(spanName(view, spans[0])),
    text: kinds.abandoned.text(formatDuration(afterNs), formatCount(spanCount)),
  }),
  'cancelled-work': (view, { spans, spanCount, lostNs }) => ({
    title: kinds.cancelled.title(spanName(view, spans[0])),
    text: kinds.cancelled.text(formatDuration(lostNs), formatCount(spanCount)),
  }),
  'missing-parents': (_, { spanCount, missingCount }) => ({
    title: kinds.missingParents.title(formatCount(spanCount)),
    text: kinds.missingParents.text(formatCount(missingCount)),
  }),
  'missing-servers': (view, { spans, spanCount, servedCount }) => ({
    title: kinds.missingServers.title(spanName(view, spans[0])),
    text: kinds.missingServers.text(formatCount(spanCount), formatCount(servedCount)),
  }),
};

function describe<Kind extends FindingKind>(
  view: TraceView,
  finding: Extract<Finding, { readonly kind: Kind }>,
  root: number,
): Words {
  const words: Describe<Kind> = DESCRIPTIONS[finding.kind];
  return words(view, finding, root);
}

function describeSlowness(
  view: TraceView,
  { spans, spanCount, service, name, pathNs }: Extract<Finding, { kind: 'slow-dependency' }>,
): Words {
  const { slowService, slowOperation, slowSending, slowWork } = kinds;
  const own = formatDuration(pathNs);
  const count = formatCount(spanCount);
  const who = serviceName(view, service);
  const what = spanName(view, spans[0]);
  if (name < 0) return { title: slowService.title(who), text: slowService.text(own, count) };
  const kind = kindOf(view, spans[0] ?? 0);
  if (kind === 'producer')
    return { title: slowSending.title(what, who), text: slowSending.text(own, count) };
  return kind === 'client'
    ? { title: slowOperation.title(what, who), text: slowOperation.text(own, count) }
    : { title: slowWork.title(what), text: slowWork.text(who, own, count) };
}

function describeError(
  view: TraceView,
  finding: Extract<Finding, { kind: 'error-origin' }>,
  root: number,
): Words {
  const { origin, reach, wayCount, isUnbroken, silentService, witness } = finding;
  const texts = kinds.errorBegan;
  const other = witness < 0 ? root : witness;
  const title = reach === 'handled' ? texts.handledTitle : texts.title;
  const sentences = [
    describeSpread(view, finding),
    isUnbroken ? undefined : texts.doubt,
    silentService < 0 ? undefined : texts.silent(serviceName(view, silentService)),
    reach === 'root'
      ? undefined
      : texts[reach](spanName(view, other), isolatedText(serviceOf(view, other))),
  ];
  return {
    title: title(spanName(view, origin), isolatedText(serviceOf(view, origin)), wayCount),
    text: sentences.filter((sentence) => sentence !== undefined).join(' '),
  };
}

function describeSpread(
  view: TraceView,
  {
    origin,
    spans: [top],
    serviceCount,
    isCertain,
    hasGoneOn,
  }: Extract<Finding, { kind: 'error-origin' }>,
): string {
  const texts = kinds.errorBegan;
  if (top === origin) return hasGoneOn ? texts.wentOn : texts.itself;
  const name = spanName(view, top);
  return isCertain ? texts.spread(name, serviceCount) : texts.mayHaveSpread(name, serviceCount);
}

function spanName(view: TraceView, spanIndex: number | undefined): string {
  const name = spanIndex === undefined ? '' : nameOf(view, spanIndex);
  return name === '' ? messages.trace.noName : isolatedText(name);
}

/** By its index in the columns: the view has its services in another order. */
function serviceName({ columns }: TraceView, service: number): string {
  return isolatedText(columns.services[service] ?? '');
}

/** A share of 0 to 1. */
function formatPercent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}

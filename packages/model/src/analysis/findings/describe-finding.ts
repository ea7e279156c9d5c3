import type { TraceColumns } from '../../trace-columns.ts';
import { PRODUCER } from '../span-relations.ts';
import type { ErrorReach, Finding, FindingKind, RepeatedWork } from './finding.ts';

/**
 * A finding as an English sentence, for a terminal or an answer in words. The screen makes its own of the numbers, in the reader's
 * language and with the spans as links.
 */
export function describeFinding(finding: Finding, columns: TraceColumns): string {
  const words = describe(finding, columns);
  if (finding.savingNs <= 0) return `${words}.`;
  const share = Math.round(100 * finding.savingShare);
  return `${words}; up to ${formatNs(finding.savingNs)} (${share} % of ${nameOf(columns, finding.root)}) could be saved.`;
}

type Describe<Kind extends FindingKind> = (
  finding: Extract<Finding, { readonly kind: Kind }>,
  columns: TraceColumns,
) => string;

const SENTENCES: { readonly [Kind in FindingKind]: Describe<Kind> } = {
  'error-origin': describeError,
  'other-errors': ({ spanCount, wayCount }) =>
    `${count(spanCount, 'more failure')} of ${count(wayCount, 'other kind')}`,
  'repeated-calls': (finding, columns) =>
    `${nameOf(columns, finding.parent)} ${REPEATED[finding.work]} ${firstOf(finding, columns)} ${finding.spanCount} times, one after the other, for ${formatNs(finding.totalNs)}`,
  'sequential-calls': (finding, columns) =>
    columns.kinds[finding.spans[0] ?? -1] === PRODUCER
      ? `${nameOf(columns, finding.parent)} sent ${finding.spanCount} messages one after the other (${formatNs(finding.totalNs)}), the longest of ${formatNs(finding.longestNs)}: they could be sent at once`
      : `${nameOf(columns, finding.parent)} made ${finding.spanCount} calls one after the other (${formatNs(finding.totalNs)}), the longest of ${formatNs(finding.longestNs)}: they could run side by side if none needs what another answers`,
  retries: (finding, columns) =>
    `${nameOf(columns, finding.tried)} was tried ${finding.spanCount} times and ${finding.hasSucceeded ? 'succeeded in the end' : 'failed each time'}${finding.mayBeLoop ? ', or is a loop in which everything failed' : ''}: the attempts before the last took ${formatNs(finding.failedNs)}, the pauses ${formatNs(finding.pausesNs)}`,
  'waiting-calls': ({ spanCount, service, waitedNs }, { services }) =>
    `${count(spanCount, 'call')} waited ${formatNs(waitedNs)} until ${services[service] ?? ''} began`,
  'slow-dependency': (finding, columns) =>
    `${finding.name < 0 ? (columns.services[finding.service] ?? '') : firstOf(finding, columns)} worked for ${formatNs(finding.pathNs)} of the critical path in ${count(finding.spanCount, 'span')}`,
  'waiting-messages': ({ spanCount, service, longestNs }, { services }) =>
    `${count(spanCount, 'message')} waited for ${services[service] ?? ''}, up to ${formatNs(longestNs)}`,
  'abandoned-work': (finding, columns) =>
    `${firstOf(finding, columns)}${others(finding)} went on for ${formatNs(finding.afterNs)} after its caller had given up`,
  'cancelled-work': (finding, columns) =>
    `${firstOf(finding, columns)}${others(finding)} was cancelled after ${formatNs(finding.lostNs)}`,
  'missing-parents': ({ spanCount, missingCount }) =>
    `${count(spanCount, 'span')} below ${count(missingCount, 'parent')} missing from the trace`,
  'missing-servers': (finding, columns) =>
    `${count(finding.spanCount, 'call')} of ${firstOf(finding, columns)} without a server span, while ${finding.servedCount} have one`,
};

const REPEATED: Readonly<Record<RepeatedWork, string>> = {
  call: 'called',
  send: 'sent',
  own: 'ran',
};

function describe<Kind extends FindingKind>(
  finding: Extract<Finding, { readonly kind: Kind }>,
  columns: TraceColumns,
): string {
  const sentence: Describe<Kind> = SENTENCES[finding.kind];
  return sentence(finding, columns);
}

function firstOf({ spans }: Finding, columns: TraceColumns): string {
  return nameOf(columns, spans[0] ?? -1);
}

function describeError(
  finding: Extract<Finding, { kind: 'error-origin' }>,
  columns: TraceColumns,
): string {
  const {
    origin,
    spans,
    serviceCount,
    isUnbroken,
    reach,
    wayCount,
    silentService,
    isCertain,
    hasGoneOn,
    witness,
  } = finding;
  const top = nameOf(columns, spans[0] ?? -1);
  const times = wayCount > 1 ? `, ${wayCount} times` : '';
  const doubt = isUnbroken ? '' : ', if spans between that do not say so failed for it';
  const failed =
    spans[0] === origin
      ? `${top} failed by itself${times}: ${hasGoneOn ? 'it went on after what failed below it' : 'nothing that it waited for failed'}`
      : `${top} ${isCertain ? 'failed' : 'may have failed'} because ${nameOf(columns, origin)} did, through ${count(serviceCount, 'service')}${times}${doubt}`;
  const answer =
    silentService < 0
      ? ''
      : `; ${columns.services[silentService] ?? ''}, which it called, does not say that it failed`;
  return `${failed}${answer}${REACHES[reach](nameOf(columns, witness))}`;
}

const REACHES: Readonly<Record<ErrorReach, (witness: string) => string>> = {
  root: () => '',
  within: () => '; the root does not say that it failed',
  apart: () => '; the root did not wait for it',
  followed: (witness) => `; ${witness} went well after it`,
  handled: (witness) => `; ${witness} says that it ended well`,
};

/** `service: name`. */
function nameOf(
  { services, serviceIndexes, names, nameIndexes }: TraceColumns,
  span: number,
): string {
  return `${services[serviceIndexes[span] ?? -1] ?? ''}: ${names[nameIndexes[span] ?? -1] ?? ''}`;
}

/** What the first of several spans stands for. */
function others({ spanCount }: Finding): string {
  return spanCount === 1 ? '' : `, with ${count(spanCount - 1, 'other')} like it,`;
}

function count(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const UNITS = [
  { above: 1e9, name: 's' },
  { above: 1e6, name: 'ms' },
  { above: 1e3, name: 'µs' },
] as const;

function formatNs(ns: number): string {
  const unit = UNITS.find(({ above }) => ns >= above);
  return unit === undefined
    ? `${ns} ns`
    : `${Number((ns / unit.above).toPrecision(3))} ${unit.name}`;
}

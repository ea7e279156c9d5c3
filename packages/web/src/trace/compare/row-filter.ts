/** What of a comparison is listed. */
import { unreachable } from '@clew/model';
import type { ComparedTraces } from './compare-traces.ts';

export const ROW_KINDS = ['all', 'changed', 'onlyBase', 'onlyOther', 'failed'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export interface RowFilter {
  readonly kind: RowKind;
  /** All words of it, in any case, in the names of service and span together; empty for no condition. */
  readonly text: string;
}

/** A path whose part in the traces' difference is smaller than this is as good as alike. */
const NOTABLE_SHARE = 0.01;

/** 1 for the groups that are wanted, over their number. */
export function chooseRows(compared: ComparedTraces, { kind, text }: RowFilter): Uint8Array {
  const isWanted = new Uint8Array(compared.groups.count);
  const isNamed = matchNames(compared, text);
  for (let group = 0; group < isWanted.length; group++)
    isWanted[group] = isNamed(group) && isOfKind(compared, group, kind) ? 1 : 0;
  return isWanted;
}

/** How a path differs, apart from small differences of time. */
export function isChanged({ base, other, groups }: ComparedTraces, group: number): boolean {
  const longestNs = Math.max(base.durationNs, other.durationNs);
  const shareNs = (groups.other.sharesNs[group] ?? 0) - (groups.base.sharesNs[group] ?? 0);
  return (
    groups.base.spanCounts[group] !== groups.other.spanCounts[group] ||
    groups.base.errorCounts[group] !== groups.other.errorCounts[group] ||
    Math.abs(shareNs) >= longestNs * NOTABLE_SHARE
  );
}

function isOfKind(compared: ComparedTraces, group: number, kind: RowKind): boolean {
  const { base, other } = compared.groups;
  switch (kind) {
    case 'all':
      return true;
    case 'changed':
      return isChanged(compared, group);
    case 'onlyBase':
      return other.spanCounts[group] === 0;
    case 'onlyOther':
      return base.spanCounts[group] === 0;
    case 'failed':
      return (base.errorCounts[group] ?? 0) + (other.errorCounts[group] ?? 0) > 0;
    default:
      return unreachable(kind);
  }
}

/** Many groups have few names, so each pair of names is looked at once, as far as there is room to remember. */
function matchNames({ groups }: ComparedTraces, text: string): (group: number) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const { services, names, serviceIndexes, nameIndexes } = groups;
  const known = new Uint8Array(Math.min(services.length * names.length, MAX_REMEMBERED));
  return (group) => {
    const service = serviceIndexes[group] ?? 0;
    const name = nameIndexes[group] ?? 0;
    const at = service * names.length + name;
    const before = known[at] ?? UNKNOWN;
    if (before !== UNKNOWN) return before === MATCHES;
    const both = `${services[service] ?? ''} ${names[name] ?? ''}`.toLowerCase();
    const matches = words.every((word) => both.includes(word));
    known[at] = matches ? MATCHES : DIFFERS;
    return matches;
  };
}

const UNKNOWN = 0;
const DIFFERS = 1;
const MATCHES = 2;
const MAX_REMEMBERED = 2 ** 22;

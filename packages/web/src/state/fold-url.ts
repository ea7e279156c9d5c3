/**
 * What is folded away, in the address. Nothing where nothing is folded; else the shortest of these that says it exactly, also for
 * what is folded within something folded:
 *
 * - `service-borders`, `service-insides`, `service-of-<name>`, `below-10ms`: a rule (`fold-rule.ts`), which holds when more spans
 *   arrive, for as long as nobody folds or unfolds a span by hand.
 * - `depth-2`: every span at that depth and below.
 * - ids of the folded spans, up to 80 of them, which hold when more spans arrive.
 * - `runs-<count>-<digits>`: of the spans that can be folded, in the order of the tree, how many are open, then how many are folded, then
 *   how many are open again, and so on. `count`, of base 36, is how many can be folded: with more spans the runs would be of others. A
 *   number is in digits of base64url, of which each holds five bits, the least first, and says by its sixth whether more follow.
 * - `more`, where the runs would be longer than `MAX_RUNS` digits.
 */
import { unreachable } from '@clew/model';
import { collapseFromDepth, expandAll } from '../trace/collapse.ts';
import type { CollapsedSpans } from '../trace/span-rows.ts';
import { collapseByRule, isRuleOf } from '../trace/fold-rule.ts';
import type { FoldRule } from '../trace/fold-rule.ts';
import { findSpanByKey, formatSpanKey } from '../trace/span-key.ts';
import type { TraceView } from '../trace/trace-view.ts';

/** As many as make an address of some 1,500 characters. */
const MAX_FOLDED_IDS = 80;
/** Of the shapes that people make, runs of thousands of folded spans. Servers and proxies take addresses of 8,000 characters. */
const MAX_RUNS = 4_000;
const MORE_FOLDED = 'more';
const RUNS = /^runs-([0-9a-z]{1,6})-([\w-]+)$/;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 5;
const FOLLOWED = 1 << BITS;

/** Why an address does not say what is folded: it was `tooMany`, or the trace has `changed` since. */
export type FoldLoss = 'tooMany' | 'changed';

/** Undefined for what is not written out, or not of this trace. */
export function parseFold(text: string | undefined, view: TraceView): CollapsedSpans | undefined {
  if (text === undefined) return expandAll(view.tree);
  if (findFoldLoss(text, view) !== undefined) return undefined;
  const rule = parseFoldRule(text);
  if (rule !== undefined) return collapseByRule(view, rule);
  const depth = /^depth-(\d{1,6})$/.exec(text);
  if (depth !== null) return collapseFromDepth(view.tree, Number(depth[1]));
  const runs = RUNS.exec(text);
  return runs === null ? parseIds(text, view) : parseRuns(runs[2] ?? '', view);
}

export function findFoldLoss(text: string, view: TraceView): FoldLoss | undefined {
  if (text === MORE_FOLDED) return 'tooMany';
  const rule = parseFoldRule(text);
  if (rule !== undefined) return isRuleOf(view, rule) ? undefined : 'changed';
  const runs = RUNS.exec(text);
  if (runs === null) return undefined;
  return Number.parseInt(runs[1] ?? '', 36) === countFoldable(view) ? undefined : 'changed';
}

export function formatFold(view: TraceView, collapsed: CollapsedSpans): string | undefined {
  const { depths } = view.tree;
  let count = 0;
  let top = Number.POSITIVE_INFINITY;
  for (let index = 0; index < view.spanCount; index++) {
    if (collapsed[index] !== 1 || !isFoldable(view, index)) continue;
    count++;
    top = Math.min(top, depths[index] ?? 0);
  }
  if (count === 0) return undefined;
  if (isFoldedFrom(view, collapsed, top)) return `depth-${top}`;
  if (count <= MAX_FOLDED_IDS) return formatIds(view, collapsed);
  const runs = formatRuns(view, collapsed);
  return runs === undefined ? MORE_FOLDED : `runs-${countFoldable(view).toString(36)}-${runs}`;
}

/** Undefined for what is no rule. */
export function parseFoldRule(text: string): FoldRule | undefined {
  if (text === 'service-borders') return { type: 'borders' };
  if (text === 'service-insides') return { type: 'insides' };
  if (text.startsWith(OF_SERVICE)) {
    return { type: 'service', service: text.slice(OF_SERVICE.length) };
  }
  const below = /^below-(\d{1,15})(ns|us|ms|s)$/.exec(text);
  const unit = UNITS.find(({ name }) => name === below?.[2]);
  if (below === null || unit === undefined) return undefined;
  return { type: 'below', durationNs: Number(below[1]) * unit.nanos };
}

export function formatFoldRule(rule: FoldRule): string {
  switch (rule.type) {
    case 'borders':
    case 'insides':
      return `service-${rule.type}`;
    case 'service':
      return OF_SERVICE + rule.service;
    case 'below': {
      const { durationNs } = rule;
      const { nanos, name } = UNITS.find((unit) => durationNs % unit.nanos === 0) ?? NANOSECONDS;
      return `below-${durationNs / nanos}${name}`;
    }
    default:
      return unreachable(rule);
  }
}

const OF_SERVICE = 'service-of-';
const NANOSECONDS = { name: 'ns', nanos: 1 };
/** The largest first. */
const UNITS = [
  { name: 's', nanos: 1e9 },
  { name: 'ms', nanos: 1e6 },
  { name: 'us', nanos: 1e3 },
  NANOSECONDS,
];

function isFoldable({ tree }: TraceView, index: number): boolean {
  return (tree.descendantCounts[index] ?? 0) > 0;
}

function countFoldable({ tree }: TraceView): number {
  let count = 0;
  for (const below of tree.descendantCounts) if (below > 0) count++;
  return count;
}

function isFoldedFrom(view: TraceView, collapsed: CollapsedSpans, depth: number): boolean {
  const { depths } = view.tree;
  for (let index = 0; index < view.spanCount; index++) {
    if (!isFoldable(view, index)) continue;
    if ((depths[index] ?? 0) >= depth !== (collapsed[index] === 1)) return false;
  }
  return true;
}

function formatIds(view: TraceView, collapsed: CollapsedSpans): string {
  const folded = view.tree.order.filter(
    (index) => collapsed[index] === 1 && isFoldable(view, index),
  );
  return Array.from(folded, (index) => formatSpanKey(view, index)).join(',');
}

function parseIds(text: string, view: TraceView): CollapsedSpans {
  const collapsed = new Uint8Array(view.spanCount);
  for (const key of text.split(',')) {
    const spanIndex = findSpanByKey(view, key);
    if (spanIndex !== undefined && isFoldable(view, spanIndex)) collapsed[spanIndex] = 1;
  }
  return collapsed;
}

/** What is open to the end is not written. Undefined when it is too long. */
function formatRuns(view: TraceView, collapsed: CollapsedSpans): string | undefined {
  let text = '';
  let isFolded = false;
  let length = 0;
  for (const index of view.tree.order) {
    if (!isFoldable(view, index)) continue;
    if ((collapsed[index] === 1) !== isFolded) {
      text += formatNumber(length);
      if (text.length > MAX_RUNS) return undefined;
      isFolded = !isFolded;
      length = 0;
    }
    length++;
  }
  if (isFolded) text += formatNumber(length);
  return text.length > MAX_RUNS ? undefined : text;
}

function parseRuns(text: string, view: TraceView): CollapsedSpans {
  const collapsed = new Uint8Array(view.spanCount);
  const lengths = parseNumbers(text);
  let run = -1;
  let left = 0;
  for (const index of view.tree.order) {
    if (!isFoldable(view, index)) continue;
    while (left === 0 && run < lengths.length) left = lengths[++run] ?? Number.POSITIVE_INFINITY;
    if (run < lengths.length && run % 2 === 1) collapsed[index] = 1;
    left--;
  }
  return collapsed;
}

function formatNumber(value: number): string {
  let text = '';
  let rest = value;
  while (rest >= FOLLOWED) {
    text += DIGITS.charAt((rest % FOLLOWED) + FOLLOWED);
    rest = Math.floor(rest / FOLLOWED);
  }
  return text + DIGITS.charAt(rest);
}

function parseNumbers(text: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let weight = 1;
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit);
    value += (bits % FOLLOWED) * weight;
    weight *= FOLLOWED;
    if (bits >= FOLLOWED) continue;
    numbers.push(value);
    value = 0;
    weight = 1;
  }
  return numbers;
}

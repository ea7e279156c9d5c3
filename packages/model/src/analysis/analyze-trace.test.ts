import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyNestedSpans } from '../testing/any-nested-spans.ts';
import { anySpans } from '../testing/any-spans.ts';
import { traceIdOf } from '../testing/example-span.ts';
import { toTraceColumns } from '../trace-columns.ts';
import type { TraceColumns } from '../trace-columns.ts';
import { analyzeTrace } from './analyze-trace.ts';
import type { TraceAnalysis } from './analyze-trace.ts';
import { AWAITED } from './span-relations.ts';
import { retimeTrace } from './retime.ts';

function check(property: (analysis: TraceAnalysis, columns: TraceColumns) => void): void {
  fc.assert(
    fc.property(fc.oneof(anySpans, anyNestedSpans), (spans) => {
      const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
      property(analyzeTrace(columns), columns);
    }),
    { numRuns: 500 },
  );
}

/** How long spans would take if own work of one of them took longer, or one of them no time at all: slowly, from the windows alone. */
class NaiveTiming {
  readonly #analysis: TraceAnalysis;
  readonly #removed: number;
  readonly #longer: { readonly span: number; readonly byNs: number };

  constructor(
    analysis: TraceAnalysis,
    {
      removed = -1,
      longer = { span: -1, byNs: 0 },
    }: { removed?: number; longer?: { span: number; byNs: number } },
  ) {
    this.#analysis = analysis;
    this.#removed = removed;
    this.#longer = longer;
  }

  lengthOf(span: number): number {
    if (span === this.#removed) return 0;
    const children = this.#childrenOf(span);
    const ends = new Map<number, number>();
    const latest = (of: readonly number[]): number =>
      Math.max(0, ...of.map((c) => ends.get(c) ?? NaN));
    const wasLatest = (of: readonly number[]): number =>
      Math.max(this.#start(span), ...of.map((c) => this.#end(c)));
    for (const [place, child] of children.entries()) {
      const waits = children.filter(
        (other, at) => at < place && this.#end(other) <= this.#start(child),
      );
      const gap = this.#start(child) - wasLatest(waits);
      ends.set(child, latest(waits) + gap + this.lengthOf(child));
    }
    const tail = this.#end(span) - wasLatest(children);
    const longerNs = span === this.#longer.span ? this.#longer.byNs : 0;
    return latest(children) + tail + longerNs;
  }

  #childrenOf(span: number): readonly number[] {
    const { tree, relations } = this.#analysis.dependencies;
    return [...tree.parents.keys()]
      .filter((child) => tree.parents[child] === span && relations[child] === AWAITED)
      .sort((a, b) => this.#end(a) - this.#end(b) || this.#start(b) - this.#start(a) || a - b);
  }

  #start(span: number): number {
    return this.#analysis.dependencies.windowStartsNs[span] ?? NaN;
  }

  #end(span: number): number {
    return this.#analysis.dependencies.windowEndsNs[span] ?? NaN;
  }
}

describe('the analysis of any trace', () => {
  test('has a critical path without a gap, as long as the root', () => {
    check(({ criticalPath, dependencies, root, pathTimesNs, rootDurationNs }, { durationsNs }) => {
      const { fromsNs, tosNs, segmentCount } = criticalPath;
      let atNs = dependencies.startsNs[root] ?? 0;
      for (let at = 0; at < segmentCount; at++) {
        expect(fromsNs[at]).toBe(atNs);
        atNs = tosNs[at] ?? NaN;
        expect(atNs).toBeGreaterThan(fromsNs[at] ?? NaN);
      }
      expect(atNs).toBe(dependencies.endsNs[root] ?? 0);
      expect(rootDurationNs).toBe(durationsNs[root] ?? 0);
      expect(pathTimesNs.reduce((sum, ns) => sum + ns, 0)).toBe(rootDurationNs);
    });
  });

  test('gives a span no more drag than its duration, and none beside the path', () => {
    check(({ dragsNs, slacksNs, criticalPath }, { durationsNs }) => {
      dragsNs.forEach((dragNs, row) => {
        expect(dragNs).toBeGreaterThanOrEqual(0);
        expect(dragNs).toBeLessThanOrEqual(durationsNs[row] ?? 0);
        expect(slacksNs[row]).toBeGreaterThanOrEqual(0);
        if (dragNs > 0) expect(criticalPath.isOnPath[row]).toBe(1);
        if (criticalPath.isOnPath[row] === 1) expect(slacksNs[row]).toBe(0);
      });
    });
  });

  test('has as drag what the root would take less without the span', () => {
    check((analysis) => {
      const { root, rootDurationNs, slacksNs, dragsNs } = analysis;
      dragsNs.forEach((dragNs, removed) => {
        if (slacksNs[removed] === Infinity) return;
        const lengthNs = new NaiveTiming(analysis, { removed }).lengthOf(root);
        expect(rootDurationNs - lengthNs).toBe(dragNs);
      });
    });
  });

  test('has as slack how much longer a span may take until the root takes longer', () => {
    check((analysis) => {
      const { root, rootDurationNs, slacksNs } = analysis;
      slacksNs.forEach((slackNs, span) => {
        if (slackNs === Infinity) return;
        const lengthWith = (byNs: number): number =>
          new NaiveTiming(analysis, { longer: { span, byNs } }).lengthOf(root);
        expect(lengthWith(slackNs)).toBe(rootDurationNs);
        expect(lengthWith(slackNs + 1)).toBe(rootDurationNs + 1);
      });
    });
  });

  test('times a trace as it was where nothing is changed, and with one span longer as it would be', () => {
    check((analysis) => {
      const { dependencies, root, rootDurationNs, slacksNs } = analysis;
      if (root < 0) return;
      expect(retimeTrace(dependencies, root, {})).toBe(rootDurationNs);
      const span = slacksNs.findIndex((slackNs) => slackNs < Infinity && slackNs > 0);
      const tailsNs = dependencies.tailsNs.slice();
      if (span >= 0) tailsNs[span] = (tailsNs[span] ?? 0) + 50;
      const longer = { span, byNs: 50 };
      expect(retimeTrace(dependencies, root, { tailsNs })).toBe(
        new NaiveTiming(analysis, { longer }).lengthOf(root),
      );
    });
  });

  test('keeps windows within those of the parents that wait', () => {
    check(({ dependencies }) => {
      const { tree, relations, windowStartsNs, windowEndsNs, gapsNs, tailsNs } = dependencies;
      relations.forEach((relation, row) => {
        expect(gapsNs[row]).toBeGreaterThanOrEqual(0);
        expect(tailsNs[row]).toBeGreaterThanOrEqual(0);
        expect(windowEndsNs[row]).toBeGreaterThanOrEqual(windowStartsNs[row] ?? NaN);
        const parent = tree.parents[row] ?? -1;
        if (relation !== AWAITED) return;
        expect(windowStartsNs[row]).toBeGreaterThanOrEqual(windowStartsNs[parent] ?? NaN);
        expect(windowEndsNs[row]).toBeLessThanOrEqual(windowEndsNs[parent] ?? NaN);
      });
    });
  });

  test('finds at least one span at work at every moment of another', () => {
    check(({ parallelism, dependencies }) => {
      const { windowStartsNs, windowEndsNs } = dependencies;
      parallelism.forEach((value, row) => {
        if (windowStartsNs[row] === windowEndsNs[row]) expect(value).toBe(0);
        else expect(value).toBeGreaterThanOrEqual(1);
      });
    });
  });
});

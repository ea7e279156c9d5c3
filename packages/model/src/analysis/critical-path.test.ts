import { describe, expect, test } from 'vitest';
import { CELL_NS, drawTrace } from '../testing/draw-trace.ts';
import type { DrawnTrace } from '../testing/draw-trace.ts';
import { analyzeTrace } from './analyze-trace.ts';
import { findCriticalPath } from './critical-path.ts';
import type { CriticalPath } from './critical-path.ts';

/** `name from-to` of each segment, in signs of the picture. */
function read({ columns }: DrawnTrace, path: CriticalPath): readonly string[] {
  return Array.from({ length: path.segmentCount }, (_, at) => {
    const name = columns.names[columns.nameIndexes[path.spans[at] ?? -1] ?? -1];
    return `${name} ${(path.fromsNs[at] ?? 0) / CELL_NS}-${(path.tosNs[at] ?? 0) / CELL_NS}`;
  });
}

function pathOf(picture: string): readonly string[] {
  const trace = drawTrace(picture);
  return read(trace, analyzeTrace(trace.columns).criticalPath);
}

describe('the critical path', () => {
  test('of calls one after the other goes through all of them, and the work between', () => {
    // 1 + 3 + 2 + 4 + 2 = 12
    expect(
      pathOf(`
        root |============
          a  | ===
          b  |      ====
      `),
    ).toEqual(['root 0-1', 'a 1-4', 'root 4-6', 'b 6-10', 'root 10-12']);
  });

  test('of calls side by side goes through the one that ends last', () => {
    // 1 + 7 + 1 = 9
    expect(
      pathOf(`
        root |=========
          a  | ====
          b  | =======
          c  | ==
      `),
    ).toEqual(['root 0-1', 'b 1-8', 'root 8-9']);
  });

  test('goes from a call to the one that ended last before it began', () => {
    // `c` waits for `b`, not for `a`, which ended earlier, nor for `d`, which still runs: 1 + 4 + 1 + 5 + 1 = 12
    expect(
      pathOf(`
        root |============
          a  | ==
          b  | ====
          d  | ======
          c  |      =====
      `),
    ).toEqual(['root 0-1', 'b 1-5', 'root 5-6', 'c 6-11', 'root 11-12']);
  });

  test('goes down into what the calls wait for', () => {
    expect(
      pathOf(`
        root   |==========
          a    | ========
            b  |  ======
              c|   ==
            d  |     ===
      `),
    ).toEqual(['root 0-1', 'a 1-2', 'b 2-3', 'c 3-5', 'b 5-8', 'a 8-9', 'root 9-10']);
  });

  test('takes the longer one of two that end together', () => {
    expect(
      pathOf(`
        root |=====
          a  |   ==
          b  | ====
      `),
    ).toEqual(['root 0-1', 'b 1-5']);
  });

  test('has no segment for spans without a length, and is not divided by them', () => {
    expect(
      pathOf(`
        root |=====
          a  |  .
          b  |  .
          c  |     .
      `),
    ).toEqual(['root 0-5']);
    expect(pathOf('root |.')).toEqual([]);
  });

  test('leaves out what a message set off, even while its sender still runs', () => {
    expect(
      pathOf(`
        root                   |========
          send shop:producer   |  ==
            take mail:consumer |   ========
          tell shop:producer   |     ==
            hear mail:consumer |     =
      `),
    ).toEqual(['root 0-2', 'send 2-4', 'root 4-5', 'tell 5-7', 'root 7-8']);
  });

  test('has the message that a service takes as a part of its own work', () => {
    expect(
      pathOf(`
        poll shop:consumer      |======
          handle shop:consumer  | ====
      `),
    ).toEqual(['poll 0-1', 'handle 1-5', 'poll 5-6']);
  });

  test('leaves out work that goes on when its starter has ended', () => {
    expect(
      pathOf(`
        root    |======
          log   |   =======
          late  |         ==
          read  | ==
      `),
    ).toEqual(['root 0-1', 'read 1-3', 'root 3-6']);
  });

  test('cuts what is closed a little after its parent, with all below it', () => {
    // The call begins at 100 ms and is closed 20 ms after the root's 1000: 1 + 1 + 1 + 6 + 1 = 10.
    const closedLate = (lateNs: number, factor = 1): readonly string[] => {
      const trace = drawTrace(`
        root                  |==========
          call shop:client    | =========
            serve bank:server |  ========
              query           |   ======
      `);
      const durationsNs = trace.columns.durationsNs.map((ns) => ns * factor);
      const startsNs = trace.columns.startsNs.map((ns) => ns * factor);
      durationsNs[trace.rowOf('call')] = 9 * CELL_NS * factor + lateNs;
      const { criticalPath } = analyzeTrace({ ...trace.columns, startsNs, durationsNs });
      return read(trace, criticalPath);
    };
    expect(closedLate(20_000_000)).toEqual([
      'root 0-1',
      'call 1-2',
      'serve 2-3',
      'query 3-9',
      'serve 9-10',
    ]);
    // 1 % of 921 ms is less than 20 ms; of 9.09 s it is 90.9 ms, and of 9.092 s 90.92 ms.
    expect(closedLate(21_000_000)).toEqual(['root 0-10']);
    expect(closedLate(90_000_000, 10)).toContain('query 30-90');
    expect(closedLate(92_000_000, 10)).toEqual(['root 0-100']);
  });

  test('leaves out what runs mostly behind its parent, however short it is', () => {
    // The note begins 10 ms before the root's end and goes on 9 ms behind it, or 11.
    const noteFor = (lateNs: number): readonly number[] => {
      const { columns, rowOf } = drawTrace(`
        root   |==========
          note |         =
      `);
      columns.startsNs[rowOf('note')] = 10 * CELL_NS - 10_000_000;
      columns.durationsNs[rowOf('note')] = 10_000_000 + lateNs;
      const { pathTimesNs } = analyzeTrace(columns);
      return ['root', 'note'].map((name) => (pathTimesNs[rowOf(name)] ?? 0) / 1e6);
    };
    expect(noteFor(9_000_000)).toEqual([990, 10]);
    expect(noteFor(11_000_000)).toEqual([1000, 0]);
  });

  test('has what a client waited for until it gave up', () => {
    expect(
      pathOf(`
        root                  |xxxxxxxx
          call shop:client    | xxxxxx
            serve bank:server |  ===========
              query           |   =====
      `),
    ).toEqual(['root 0-1', 'call 1-2', 'serve 2-3', 'query 3-7', 'root 7-8']);
  });

  test('moves a server whose clock is wrong to the middle of its call', () => {
    // The call lasts 8 and the server 4: (8 - 4) / 2 = 2 each way, so the server runs from 1 + 2 = 3 on. It moves by 3 - 8 = -5,
    // and what it does itself with it: from 9 - 5 = 4 to 6.
    const trace = drawTrace(`
      root                  |==========
        call shop:client    | ========
          serve bank:server |        ====
            query bank:client |         ==
    `);
    const { criticalPath, dependencies } = analyzeTrace(trace.columns);
    expect(read(trace, criticalPath)).toEqual([
      'root 0-1',
      'call 1-3',
      'serve 3-4',
      'query 4-6',
      'serve 6-7',
      'call 7-9',
      'root 9-10',
    ]);
    const skewOf = (name: string): number =>
      (dependencies.skewsNs[trace.rowOf(name)] ?? 0) / CELL_NS;
    expect(['root', 'call', 'serve', 'query'].map(skewOf)).toEqual([0, 0, -5, -5]);
  });

  test('moves a server that lasts longer than its call only so far that it does not begin before it', () => {
    expect(
      pathOf(`
        root                  |  ======
          call shop:client    |   ====
            serve bank:server |=======
      `),
    ).toEqual(['root 2-3', 'serve 3-7', 'root 7-8']);
  });

  test('is cut to a parent whose child begins before it', () => {
    expect(
      pathOf(`
        root   |==========
          a    |    ====
            b  |  ====
      `),
    ).toEqual(['root 0-4', 'b 4-6', 'a 6-8', 'root 8-10']);
  });

  test('lets calls follow each other that overlap by what clocks are read late', () => {
    // Each lasts 20 signs of 100 ms, of which the jitter is min(1 ms, 5 %): half a millisecond too late is after.
    const { columns, rowOf } = drawTrace(`
      root |==========================================
        a  | ====================
        b  |                     ====================
    `);
    const late = 500_000;
    const jittered = { ...columns, durationsNs: columns.durationsNs.slice() };
    jittered.durationsNs[rowOf('a')] = 20 * CELL_NS + late;
    expect([...analyzeTrace(jittered).criticalPath.spans]).toEqual(
      ['root', 'a', 'b', 'root'].map(rowOf),
    );
    jittered.durationsNs[rowOf('a')] = 20 * CELL_NS + 3 * late;
    expect([...analyzeTrace(jittered).criticalPath.spans]).toEqual(
      ['root', 'b', 'root'].map(rowOf),
    );
  });

  test('does not take calls side by side for ones that follow each other because one more begins as another ends', () => {
    // `a` outlasts the start of `b` by half a millisecond, but `c` begins with `b`: three calls of a pool.
    const { columns, rowOf } = drawTrace(`
      root |==========================================
        a  | ====================
        b  |                     ====================
        c  |                     ===
    `);
    const pooled = { ...columns, durationsNs: columns.durationsNs.slice() };
    pooled.durationsNs[rowOf('a')] = 20 * CELL_NS + 500_000;
    expect([...analyzeTrace(pooled).criticalPath.spans]).toEqual(['root', 'b', 'root'].map(rowOf));
  });

  test('begins at the longest root, and at a span with a missing parent only where there is no other', () => {
    expect(
      pathOf(`
        short  |==
        long   |  ===
        ?stray |========
      `),
    ).toEqual(['long 2-5']);
    expect(pathOf('?stray |========')).toEqual(['stray 0-8']);
  });

  test('can be that of any span', () => {
    const trace = drawTrace(`
      root                   |====
        send shop:producer   | =
          take mail:consumer |   ========
            mail mail:client |    ====
    `);
    const { dependencies } = analyzeTrace(trace.columns);
    expect(read(trace, findCriticalPath(dependencies, trace.rowOf('take')))).toEqual([
      'take 3-4',
      'mail 4-8',
      'take 8-11',
    ]);
  });

  test('of no spans is empty', () => {
    const { criticalPath, root } = analyzeTrace(drawTrace('').columns);
    expect(criticalPath.segmentCount).toBe(0);
    expect(root).toBe(-1);
  });
});

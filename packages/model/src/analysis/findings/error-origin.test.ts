import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SPAN_STATUSES } from '../../span.ts';
import type { Span } from '../../span.ts';
import { anyNestedSpans } from '../../testing/any-nested-spans.ts';
import { anySpans } from '../../testing/any-spans.ts';
import { CELL_NS, drawTrace } from '../../testing/draw-trace.ts';
import { exampleSpan, spanIdOf, traceIdOf } from '../../testing/example-span.ts';
import { durationNano, unixNano } from '../../time.ts';
import { toTraceColumns } from '../../trace-columns.ts';
import type { TraceColumns } from '../../trace-columns.ts';
import { analyzeTrace } from '../analyze-trace.ts';
import { AWAITED, CLIENT, FAILED, SERVER } from '../span-relations.ts';
import { describeFinding } from './describe-finding.ts';
import type { ErrorOrigin } from './finding.ts';

const OK = SPAN_STATUSES.indexOf('ok');

function originsIn(columns: TraceColumns): readonly ErrorOrigin[] {
  const options = { maxErrorOrigins: Infinity, maxFindings: Infinity };
  const { findings } = analyzeTrace(columns, { options });
  return findings.filter((finding) => finding.kind === 'error-origin');
}

/** How each failure stands to the root and the names of the spans it went through; with it, which names were cancelled. */
function look(picture: string, ...cancelledNames: readonly string[]): readonly object[] {
  const { columns, rowsOf } = drawTrace(picture);
  const cancelled = new Uint8Array(columns.spanCount);
  for (const name of cancelledNames) for (const row of rowsOf(name)) cancelled[row] = 1;
  return originsIn({ ...columns, cancelled }).map(({ reach, spans }) => ({
    reach,
    way: spans.map((row) => columns.names[columns.nameIndexes[row] ?? -1]),
  }));
}

function sentences(picture: string): readonly string[] {
  const { columns } = drawTrace(picture);
  return originsIn(columns).map((finding) => describeFinding(finding, columns));
}

describe('an error', () => {
  test('began at the deepest failed span that explains the root', () => {
    // The audit failed, too, but the checkout went on; it gave up on the payment.
    const picture = `
      checkout               |xxxxxxxxxxxx
        audit                | xx
        pay shop:client      |   xxxxxxxx
          pay bank:server    |    xxxxxx
            check            |     =
            SELECT bank:client|       xx
    `;
    const { columns, rowOf } = drawTrace(picture);
    expect(look(picture)).toEqual([{ reach: 'root', way: ['checkout', 'pay', 'pay', 'SELECT'] }]);
    expect(originsIn(columns)).toMatchObject([
      { origin: rowOf('SELECT'), serviceCount: 2, isUnbroken: true, spanCount: 4, savingNs: 0 },
    ]);
  });

  test('is told first, in words', () => {
    expect(
      sentences(`
        checkout            |xxxxxxxxxxxx
          pay shop:client   |   xxxxxxxx
            pay bank:server |    xxxxxx
      `),
    ).toEqual(['shop: checkout failed because bank: pay did, through 2 services.']);
    expect(sentences('checkout |xxxx')).toEqual([
      'shop: checkout failed by itself: nothing that it waited for failed.',
    ]);
  });

  test('may have gone through a span that does not say so', () => {
    const picture = `
      checkout          |xxxxxxxx
        handle          | ======
          parse         |  xxx
    `;
    expect(look(picture)).toEqual([{ reach: 'root', way: ['checkout', 'handle', 'parse'] }]);
    expect(originsIn(drawTrace(picture).columns)).toMatchObject([{ isUnbroken: false }]);
  });

  test('of nothing that failed is none', () => {
    expect(look('checkout |====')).toEqual([]);
    expect(look('')).toEqual([]);
  });
});

describe('an error below a root that does not say that it failed', () => {
  test('is found all the same: a card is refused, which the servers answer with 402', () => {
    const picture = `
      POST /orders shop:server       |================
        create-order                 | xxxxxxxxxxxxxx
          INSERT shop:client         |  ==
          POST shop:client           |    xxxxxxx
            POST /payments bank:server|     =====
              charge-card bank:internal|     xxx
          DELETE shop:client         |            ==
    `;
    expect(look(picture)).toEqual([
      { reach: 'within', way: ['create-order', 'POST', 'POST /payments', 'charge-card'] },
    ]);
    expect(sentences(picture)).toEqual([
      'shop: create-order may have failed because bank: charge-card did, through 2 services, if spans between that do not say so failed for it; the root does not say that it failed.',
    ]);
  });

  test('may be a call whose answer was the error: 404 of a server that has no fault', () => {
    expect(
      sentences(`
        POST /orders shop:server  |==========
          create-order            | xxxxxxxx
            GET shop:client       |  xxxx
              GET /user users:server|   ==
                get-user users:internal|   =
      `),
    ).toEqual([
      'shop: create-order failed because shop: GET did, through 1 service; users, which it called, does not say that it failed; the root does not say that it failed.',
    ]);
  });

  test('of a client is its own: what it called answered', () => {
    expect(
      sentences(`
        GET web:client          |xxxxxxxx
          GET /user users:server|  ====
      `),
    ).toEqual([
      'web: GET failed by itself: nothing that it waited for failed; users, which it called, does not say that it failed.',
    ]);
  });

  test('is one of several where nothing above gave up on any', () => {
    expect(
      look(`
        GET /page            |==============
          GET user           | xxx
            SELECT           |  x
          widgets            |     =========
            GET offers       |      xx
            GET news         |         xx
      `),
    ).toEqual([
      { reach: 'within', way: ['GET user', 'SELECT'] },
      { reach: 'within', way: ['GET offers'] },
      { reach: 'within', way: ['GET news'] },
    ]);
  });

  test('is told once where it happened again and again', () => {
    const picture = `
      import             |=============
        put a            | xx
          PUT shop:client| xx
        put a            |    xx
          PUT shop:client|    xx
        put a            |       xx
          PUT shop:client|       xx
    `;
    const { columns, rowsOf } = drawTrace(picture);
    expect(originsIn(columns)).toMatchObject([
      { wayCount: 3, origin: rowsOf('PUT')[0], spanCount: 2 },
    ]);
    expect(sentences(picture)).toEqual([
      'shop: put a failed because shop: PUT did, through 1 service, 3 times; the root does not say that it failed.',
    ]);
  });

  test('was dealt with by who says that all is well', () => {
    expect(
      look(`
        GET /page            |==========
          read-cache         | ooooo
            GET redis:client |  xxx
      `),
    ).toEqual([{ reach: 'handled', way: ['GET'] }]);
    const picture = `
      GET /page              |oooooooooo
        load                 | =====
          GET redis:client   |  xxx
    `;
    expect(look(picture)).toEqual([{ reach: 'handled', way: ['GET'] }]);
    expect(sentences(picture)).toEqual([
      'redis: GET failed by itself: nothing that it waited for failed; shop: GET /page says that it ended well.',
    ]);
    // Another attempt made it good, or it was cancelled.
    expect(
      look(`
        GET /page            |oooooooooo
          GET redis:client   |  xxx
          GET redis:client   |      ==
      `),
    ).toEqual([]);
  });
});

describe('an error after which what waited for it went on', () => {
  /** With the exception of the root at a sign of the picture. */
  function lookWithException(picture: string, atCell: number): readonly ErrorOrigin[] {
    const { columns } = drawTrace(picture);
    const eventFirsts = new Uint32Array(columns.spanCount + 1).fill(1);
    eventFirsts[0] = 0;
    return originsIn({
      ...columns,
      eventFirsts,
      eventTimesNs: Float64Array.of(atCell * CELL_NS),
      eventNameIndexes: Uint32Array.of(0),
      eventNames: ['exception'],
    });
  }
  const read = `
    GET /own              |xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      GET redis:client    |x
      SELECT shop:client  |  ==
  `;

  test('is not why it failed where it did other things for long, with success', () => {
    const picture = `
      GET /own              |xxxxxxxxxxxxxxxxxxxx
        GET redis:client    |x
        SELECT shop:client  |  ============
    `;
    expect(look(picture)).toEqual([
      { reach: 'root', way: ['GET /own'] },
      { reach: 'followed', way: ['GET'] },
    ]);
    expect(sentences(picture)).toEqual([
      'shop: GET /own failed by itself: it went on after what failed below it.',
      'redis: GET failed by itself: nothing that it waited for failed; shop: SELECT went well after it.',
    ]);
  });

  test('is not why where the exception came long after, behind other work', () => {
    expect(lookWithException(read, 29)).toMatchObject([
      { reach: 'root', origin: 0, hasGoneOn: true },
      { reach: 'followed', origin: 1, witness: 2 },
    ]);
  });

  test('is why where the exception came at once, whatever was done after that', () => {
    expect(lookWithException(read, 1)).toMatchObject([
      { reach: 'root', origin: 1, isCertain: true },
    ]);
  });

  test('may be why where that was short, or where time passed', () => {
    expect(sentences(read)).toEqual([
      'shop: GET /own may have failed because redis: GET did, through 2 services.',
    ]);
    expect(
      sentences(`
        GET /own              |xxxxxxxxxx
          GET redis:client    |x
      `),
    ).toEqual(['shop: GET /own may have failed because redis: GET did, through 2 services.']);
  });

  test('is why where a transaction was rolled back for it', () => {
    expect(
      sentences(`
        GET /own              |xxxxxxxxxx
          INSERT shop:client  | xxxxx
          ROLLBACK shop:client|       ==
      `),
    ).toEqual(['shop: GET /own failed because shop: INSERT did, through 1 service.']);
  });

  test('is told though another is why, only where none is', () => {
    expect(
      look(`
        GET /own              |xxxxxxxxxxxxxxxxxxxx
          GET redis:client    |x
          SELECT shop:client  |  ============
          pay shop:client     |               xxxx
      `),
    ).toEqual([{ reach: 'root', way: ['GET /own', 'pay'] }]);
  });
});

describe('errors that are more than are told', () => {
  /** So many operations fail once each, then one again and again. */
  const drawMany = (others: number, charges: number): string =>
    [
      `import |${'='.repeat(2 * (others + charges) + 1)}`,
      ...Array.from(
        { length: others },
        (_, at) => `  op${at} shop:client |${' '.repeat(2 * at)} x`,
      ),
      ...Array.from(
        { length: charges },
        (_, at) => `  POST /charge shop:client |${' '.repeat(2 * (others + at))} x`,
      ),
    ].join('\n');

  test('leave out the rarest, and count them', () => {
    const { columns, rowsOf } = drawTrace(drawMany(6, 80));
    const { findings } = analyzeTrace(columns);
    const told = findings
      .slice(0, 6)
      .map((finding) => [
        finding.kind,
        columns.names[columns.nameIndexes[finding.spans[0] ?? -1] ?? -1],
        'wayCount' in finding ? finding.wayCount : 0,
        finding.spanCount,
      ]);
    expect(told).toEqual([
      ['error-origin', 'POST /charge', 80, 1],
      ['error-origin', 'op0', 1, 1],
      ['error-origin', 'op1', 1, 1],
      ['error-origin', 'op2', 1, 1],
      ['error-origin', 'op3', 1, 1],
      ['other-errors', 'op4', 2, 2],
    ]);
    expect(findings[5]?.spans).toEqual([...rowsOf('op4'), ...rowsOf('op5')]);
    expect(findings.map(({ kind }) => kind)).not.toContain('repeated-calls');
  });

  test('count every failure of a kind that is left out', () => {
    const { columns } = drawTrace(drawMany(1, 3));
    const options = { maxErrorOrigins: 0 };
    expect(analyzeTrace(columns, { options }).findings[0]).toMatchObject({
      kind: 'other-errors',
      wayCount: 2,
      spanCount: 4,
    });
  });

  test('are told behind what the root failed of', () => {
    expect(
      look(`
        checkout                |xx
          send shop:producer    | =
            a mail:consumer     |  x
            a mail:consumer     |   x
      `).map((origin) => 'reach' in origin && origin.reach),
    ).toEqual(['root', 'apart']);
  });
});

describe('an error that was made good', () => {
  test('by another attempt is not where the root failed', () => {
    expect(
      look(`
        checkout           |xxxxxxxxxxxxxxx
          book shop:client | xxx
          pay shop:client  |     xx
          pay shop:client  |        ==
          ship             |           ==
      `),
    ).toEqual([
      { reach: 'root', way: ['checkout'] },
      { reach: 'followed', way: ['book'] },
    ]);
  });

  test('by another attempt is none, at any depth', () => {
    expect(
      look(`
        checkout             |==========
          pay shop:client    | xx
          pay shop:client    |    xx
          pay shop:client    |       ==
      `),
    ).toEqual([]);
    expect(
      look(`
        checkout             |==========
          attempt            | ===
            pay shop:client  | xx
          attempt            |     ===
            pay shop:client  |     ==
      `),
    ).toEqual([]);
  });

  test('is not one of a loop in which others went well, nor one that ran beside them', () => {
    expect(
      look(`
        import            |=============
          put shop:client | ==
          put shop:client |    xx
          put shop:client |       ==
      `),
    ).toEqual([{ reach: 'within', way: ['put'] }]);
    expect(
      look(`
        import            |=============
          put shop:client | xx
          put shop:client |    ==
          put shop:client |       ==
      `),
    ).toEqual([{ reach: 'within', way: ['put'] }]);
    expect(
      look(`
        import            |=============
          put shop:client | xxxxxx
          put shop:client |   =======
      `),
    ).toEqual([{ reach: 'within', way: ['put'] }]);
  });

  test('is not one that all attempts had', () => {
    expect(
      look(`
        checkout          |==========
          pay shop:client | xx
          pay shop:client |    xx
      `),
    ).toEqual([{ reach: 'within', way: ['pay'] }]);
  });
});

describe('an error of what the root does not wait for', () => {
  const failedMail = `
    checkout                |xxxx
      send shop:producer    | =
        mail mail:consumer  |  xxxx
          SMTP mail:client  |   x
  `;

  test('is one of its own, behind the root’s', () => {
    expect(look(failedMail)).toEqual([
      { reach: 'root', way: ['checkout'] },
      { reach: 'apart', way: ['mail', 'SMTP'] },
    ]);
    expect(sentences(failedMail)[1]).toBe(
      'mail: mail failed because mail: SMTP did, through 1 service; the root did not wait for it.',
    );
  });

  test('may be all there is, or below a parent that is missing', () => {
    expect(
      look(`
        checkout                |====
          send shop:producer    | =
            mail mail:consumer  |  ====
              SMTP mail:client  |   x
      `),
    ).toEqual([{ reach: 'apart', way: ['SMTP'] }]);
    expect(
      look(`
        checkout |====
        ?pay     |  x
      `),
    ).toEqual([{ reach: 'apart', way: ['pay'] }]);
  });
});

describe('what was cancelled', () => {
  test('is an effect: of two failures it is not the one that explains', () => {
    expect(
      look(
        `
        search               |xxxxxx
          ask shop:client    | xxx
          try shop:client    | xxxx
        `,
        'try',
      ),
    ).toEqual([{ reach: 'root', way: ['search', 'ask'] }]);
  });

  test('is no error where nobody failed of it: the slower of two calls that were raced', () => {
    const picture = `
      search               |======
        ask shop:client    | ===
        try shop:client    | xxxx
    `;
    expect(look(picture, 'try')).toEqual([]);
    expect(look(picture)).toEqual([{ reach: 'within', way: ['try'] }]);
  });

  test('explains what failed of nothing else', () => {
    expect(
      look(
        `
        search               |xxxxxx
          try shop:client    | xxxx
        `,
        'try',
      ),
    ).toEqual([{ reach: 'root', way: ['search', 'try'] }]);
  });
});

/** A parent whose children follow each other, of two operations: attempts and loops of all kinds. */
const anyAttempts: fc.Arbitrary<readonly Span[]> = fc
  .record({
    status: fc.constantFrom(...SPAN_STATUSES),
    children: fc.array(
      fc.record({ name: fc.constantFrom('a', 'b'), status: fc.constantFrom(...SPAN_STATUSES) }),
      { maxLength: 7 },
    ),
  })
  .map(({ status, children }) => {
    const startUnixNano = (at: number): Span['startUnixNano'] => unixNano(BigInt(1000 + at));
    const parent = exampleSpan({ status, startUnixNano: startUnixNano(0) });
    return [
      parent,
      ...children.map((child, at) =>
        exampleSpan({
          ...child,
          spanId: spanIdOf(at + 2),
          parentSpanId: parent.spanId,
          startUnixNano: startUnixNano(10 * at + 1),
          durationNano: durationNano(5n),
        }),
      ),
    ];
  });

/** The slow way: every span asked on its own, down and up. */
class SlowOrigins {
  readonly #columns: TraceColumns;
  readonly #timing: ReturnType<typeof analyzeTrace>;

  constructor(columns: TraceColumns) {
    this.#columns = columns;
    this.#timing = analyzeTrace(columns);
  }

  /** Of each outermost failed span, where it began. */
  list(): readonly string[] {
    const { root } = this.#timing;
    const ways = [...this.#columns.startsNs.keys()]
      .filter((span) => this.#isTop(span))
      .map((top) => {
        return [
          this.#reachOf(top, root),
          ...[top, this.#originOf(top)].map((span) => this.#operation(span)),
        ].join();
      });
    return [
      ...new Set(ways.map((way) => `${ways.filter((other) => other === way).length} ${way}`)),
    ];
  }

  #reachOf(top: number, root: number): string {
    if (top === root) return 'root';
    for (let at = top; this.#isAwaited(at); at = this.#parentOf(at)) {
      if (this.#isFollowed(at)) return 'followed';
      if (this.#columns.statuses[this.#parentOf(at)] === OK) return 'handled';
    }
    return this.#startOf(top) === root ? 'within' : 'apart';
  }

  #isTop(span: number): boolean {
    if (this.#columns.statuses[span] !== FAILED) return false;
    if (!this.#isAwaited(span)) return true;
    return this.#isOpen(span) && this.#isReached(span);
  }

  #isReached(span: number): boolean {
    return this.#isLookedInto(this.#parentOf(span)) || this.#isFollowed(span);
  }

  #isLookedInto(span: number): boolean {
    if (this.#columns.statuses[span] === FAILED) return false;
    if (!this.#isAwaited(span)) return true;
    if (this.#weigh(span) > 0 && this.#isMadeGood(span)) return false;
    return this.#isReached(span);
  }

  /** Whether a span that is told, and failed of something else, went on after it. */
  #isFollowed(span: number): boolean {
    const parent = this.#parentOf(span);
    return (
      this.#columns.statuses[parent] === FAILED &&
      this.#isOnWay(parent) &&
      this.#causeOf(parent) === undefined &&
      this.#isOpen(span) &&
      this.#hasGoneOnAfter(span)
    );
  }

  #isOnWay(span: number): boolean {
    if (this.#isTop(span)) return true;
    if (!this.#isAwaited(span)) return false;
    const parent = this.#parentOf(span);
    return this.#isOnWay(parent) && this.#causeOf(parent) === span;
  }

  /** Of children whose traces have no exceptions. */
  #hasGoneOnAfter(span: number): boolean {
    const parent = this.#parentOf(span);
    const { kinds, statuses, cancelled } = this.#columns;
    if (statuses[parent] !== FAILED || (kinds[parent] === CLIENT && kinds[span] === SERVER))
      return false;
    const { windowStartsNs, windowEndsNs } = this.#timing.dependencies;
    const endOf = (at: number): number => windowEndsNs[at] ?? 0;
    const startOf = (at: number): number => windowStartsNs[at] ?? 0;
    const successes = this.#childrenOf(parent).filter(
      (child) =>
        statuses[child] !== FAILED &&
        cancelled[child] !== 1 &&
        this.#weigh(child) === 0 &&
        endOf(child) > startOf(child),
    );
    const lastStartNs = Math.max(...successes.map(startOf));
    const last = successes.findLast((child) => startOf(child) === lastStartNs);
    if (last === undefined || lastStartNs < endOf(span)) return false;
    return endOf(last) - endOf(span) > (endOf(parent) - startOf(parent)) / 2;
  }

  /** Whether it, or something below it, is a failure that nothing beside it makes good. */
  #isOpen(span: number): boolean {
    return this.#weigh(span) >= 2 && !this.#isMadeGood(span);
  }

  #weigh(span: number): number {
    const status = this.#columns.statuses[span];
    if (status === OK) return 0;
    if (status === FAILED && this.#columns.cancelled[span] !== 1) return 3;
    const isBelow = this.#childrenOf(span).some(
      (child) => this.#isOpen(child) && !this.#hasGoneOnAfter(child),
    );
    if (isBelow) return 2;
    return status === FAILED ? 1 : 0;
  }

  #isMadeGood(span: number): boolean {
    const others = this.#childrenOf(this.#parentOf(span)).filter(
      (other) =>
        this.#operation(other) === this.#operation(span) &&
        this.#weigh(other) === 0 &&
        this.#columns.statuses[other] !== FAILED &&
        this.#columns.cancelled[other] !== 1,
    );
    const { windowStartsNs, windowEndsNs } = this.#timing.dependencies;
    const [success] = others;
    return (
      success !== undefined &&
      others.length === 1 &&
      (windowStartsNs[success] ?? 0) >= (windowEndsNs[span] ?? 0)
    );
  }

  #originOf(span: number): number {
    const cause = this.#causeOf(span);
    return cause === undefined ? span : this.#originOf(cause);
  }

  #causeOf(span: number): number | undefined {
    if (this.#columns.statuses[span] === OK) return undefined;
    const least = this.#columns.statuses[span] === FAILED ? 1 : 2;
    const children = this.#childrenOf(span).filter(
      (child) =>
        this.#weigh(child) >= least && !this.#isMadeGood(child) && !this.#hasGoneOnAfter(child),
    );
    const most = Math.max(...children.map((child) => this.#weigh(child)));
    return children.findLast((child) => this.#weigh(child) === most);
  }

  /** By their ends. */
  #childrenOf(span: number): readonly number[] {
    const { firsts, awaited, awaitedCounts } = this.#timing.dependencies;
    const from = firsts[span] ?? 0;
    return [...awaited.subarray(from, from + (awaitedCounts[span] ?? 0))];
  }

  #isAwaited(span: number): boolean {
    return this.#timing.dependencies.relations[span] === AWAITED;
  }

  #parentOf(span: number): number {
    return this.#timing.dependencies.tree.parents[span] ?? -1;
  }

  #startOf(span: number): number {
    return this.#isAwaited(span) ? this.#startOf(this.#parentOf(span)) : span;
  }

  #operation(span: number): string {
    return `${this.#columns.serviceIndexes[span]}/${this.#columns.nameIndexes[span]}`;
  }
}

describe('the errors of any trace', () => {
  const anyTrace = fc
    .tuple(
      fc.oneof(anySpans, anyNestedSpans, anyAttempts),
      fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    )
    .map(([spans, marks]) => {
      const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
      const cancelled = Uint8Array.from(spans, (_, row) => (marks[row] === true ? 1 : 0));
      return { ...columns, cancelled };
    });

  test('are those that asking every span on its own finds', () => {
    fc.assert(
      fc.property(anyTrace, (columns) => {
        const found = originsIn(columns).map(({ reach, spans, origin, wayCount }) => {
          const names = [spans[0] ?? -1, origin].map(
            (span) => `${columns.serviceIndexes[span]}/${columns.nameIndexes[span]}`,
          );
          return `${wayCount} ${[reach, ...names].join()}`;
        });
        expect(found.toSorted()).toEqual(new SlowOrigins(columns).list().toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  test('are told wherever a failed span is not below another, nor made good, nor cancelled', () => {
    fc.assert(
      fc.property(anyNestedSpans, (spans) => {
        // No two of one operation: nothing is another attempt.
        const named = spans.map((span, at) => ({
          ...span,
          name: `${at}`,
          status: span.status === 'ok' ? ('unset' as const) : span.status,
        }));
        const columns = toTraceColumns({ traceId: traceIdOf(1), spans: named });
        const { length } = originsIn(columns);
        expect(length > 0).toBe(columns.statuses.includes(FAILED));
      }),
      { numRuns: 300 },
    );
  });

  test('lead from parent to child', () => {
    fc.assert(
      fc.property(anyTrace, (columns) => {
        for (const { spans, origin } of originsIn(columns)) {
          expect(columns.statuses[spans[0] ?? -1]).toBe(FAILED);
          expect(spans.at(-1)).toBe(origin);
          spans.slice(1).forEach((span, at) => expect(columns.parents[span]).toBe(spans[at]));
        }
      }),
      { numRuns: 300 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyNestedSpans } from '../../testing/any-nested-spans.ts';
import { anySpans } from '../../testing/any-spans.ts';
import { CELL_NS, drawTrace } from '../../testing/draw-trace.ts';
import { traceIdOf } from '../../testing/example-span.ts';
import { toTraceColumns } from '../../trace-columns.ts';
import { analyzeTrace } from '../analyze-trace.ts';
import type { AnalysisInput } from '../analyze-trace.ts';
import { describeFinding } from './describe-finding.ts';
import type { Finding } from './finding.ts';

/** Kinds, what they save and how long they are in signs of the picture, and the names of their spans. */
function look(picture: string, input?: AnalysisInput): readonly object[] {
  const { columns } = drawTrace(picture);
  return analyzeTrace(columns, input).findings.map((finding) => ({
    ...readNumbers(finding),
    spans: finding.spans.map((row) => columns.names[columns.nameIndexes[row] ?? -1]),
  }));
}

function readNumbers(finding: Finding): object {
  const entries = Object.entries(finding)
    .filter(
      ([key]) =>
        !['root', 'spans', 'savingShare', 'parent', 'origin', 'tried', 'service', 'name'].includes(
          key,
        ),
    )
    .map(([key, value]) => [
      key.replace(/Ns$/, ''),
      key.endsWith('Ns') ? Number(value) / CELL_NS : value,
    ]);
  return Object.fromEntries(entries);
}

/** Only the kinds. */
function kindsIn(picture: string, input?: AnalysisInput): readonly string[] {
  return analyzeTrace(drawTrace(picture).columns, input).findings.map(({ kind }) => kind);
}

function sentences(picture: string, input?: AnalysisInput): readonly string[] {
  const { columns } = drawTrace(picture);
  return analyzeTrace(columns, input).findings.map((finding) => describeFinding(finding, columns));
}

describe('N+1', () => {
  test('is one operation again and again; all but the longest could be saved', () => {
    // 2 + 2 + 2 + 3 + 2 = 11, of which the longest stays: 11 - 3 = 8 of 20.
    expect(
      look(`
        GET /orders            |====================
          SELECT order         | ==
          SELECT item shop:client  |   ==
          SELECT item shop:client  |      ==
          SELECT item shop:client  |        ==
          SELECT item shop:client  |          ===
          SELECT item shop:client  |              ==
      `),
    ).toEqual([
      {
        kind: 'repeated-calls',
        work: 'call',
        saving: 8,
        total: 11,
        spanCount: 5,
        spans: Array.from({ length: 5 }, () => 'SELECT item'),
      },
    ]);
  });

  test('is found through what wraps each call', () => {
    expect(
      kindsIn(`
        GET /orders                |======================
          load item                | ===
            SELECT item shop:client|  =
          load item                |     ===
            SELECT item shop:client|      =
          load item                |         ===
            SELECT item shop:client|          =
          load item                |             ===
            SELECT item shop:client|              =
          load item                |                 ===
            SELECT item shop:client|                  =
      `),
    ).toEqual(['repeated-calls']);
  });

  test('is not what runs side by side, calls nobody, or is a few', () => {
    expect(
      kindsIn(`
        GET /orders               |=======
          GET item shop:client    | ====
          GET item shop:client    | =====
          GET item shop:client    | =====
          GET item shop:client    | =====
          GET item shop:client    | =====
      `),
    ).not.toContain('repeated-calls');
    expect(
      kindsIn(`
        GET /orders |============
          render    | ==
          render    |   ==
          render    |     ==
          render    |       ==
          render    |         ==
      `),
    ).not.toContain('repeated-calls');
    expect(
      kindsIn(`
        GET /orders               |==================
          SELECT item shop:client | ==
          SELECT item shop:client |     ==
          SELECT item shop:client |         ==
          SELECT item shop:client |             ==
      `),
    ).not.toContain('repeated-calls');
  });

  /** Ten or so spans of 2 one after the other. */
  const drawLoop = (name: string, count: number): string =>
    [
      `root |${'='.repeat(2 * count + 1)}`,
      ...Array.from({ length: count }, (_, at) => `  ${name} |${' '.repeat(2 * at)}==`),
    ].join('\n');

  test('may be of queries that are sent as internal spans', () => {
    expect(look(drawLoop('SELECT row shop:internal', 6))).toMatchObject([
      { kind: 'repeated-calls', work: 'call', saving: 10, total: 12 },
    ]);
    // A word that begins alike, or the name of a handler, is none.
    expect(kindsIn(drawLoop('Select row shop:internal', 6))).not.toContain('repeated-calls');
    expect(kindsIn(drawLoop('SELECTED shop:internal', 6))).not.toContain('repeated-calls');
    expect(kindsIn(drawLoop('SELECT row bank:server', 6))).not.toContain('repeated-calls');
  });

  test('may be of messages', () => {
    expect(look(drawLoop('send orders shop:producer', 20))).toMatchObject([
      { kind: 'repeated-calls', work: 'send', spanCount: 20 },
    ]);
    expect(sentences(drawLoop('send orders shop:producer', 20))[0]).toMatch(
      /^shop: root sent shop: send orders 20 times, one after the other/,
    );
  });

  test('is another thing than a long loop of own work', () => {
    expect(look(drawLoop('render', 10))).toMatchObject([
      { kind: 'repeated-calls', work: 'own', spanCount: 10 },
    ]);
    expect(sentences(drawLoop('render', 10))[0]).toMatch(/^shop: root ran shop: render 10 times/);
    expect(kindsIn(drawLoop('render', 9))).not.toContain('repeated-calls');
    expect(kindsIn(drawLoop('render shop:server', 10))).not.toContain('repeated-calls');
  });

  test('saves no more than what runs beside it allows', () => {
    // Without four of five the calls end at 11 - 8 = 3, but `report` at 8: 12 - 9 = 3 are saved.
    expect(
      look(`
        GET /orders               |============
          report                  | =======
          SELECT item shop:client | ==
          SELECT item shop:client |   ==
          SELECT item shop:client |     ==
          SELECT item shop:client |       ==
          SELECT item shop:client |         ==
      `),
    ).toMatchObject([{ kind: 'repeated-calls', total: 10, saving: 3 }]);
  });

  test('saves no more than what runs beside its parent allows', () => {
    // Without four of five the page ends 8 earlier, but `report` only 2 before it.
    expect(
      look(`
        GET /orders                 |==============
          report                    | ==========
          page                      | ============
            SELECT item shop:client |  ==
            SELECT item shop:client |    ==
            SELECT item shop:client |      ==
            SELECT item shop:client |        ==
            SELECT item shop:client |          ==
      `),
    ).toMatchObject([{ kind: 'repeated-calls', total: 10, saving: 2 }]);
  });
});

describe('calls one after the other', () => {
  test('could run side by side: all but the longest could be saved', () => {
    // 3 + 5 + 4 = 12, of which the longest stays: 7.
    expect(
      look(`
        GET /page                |==============
          GET user shop:client   | ===
          GET cart shop:client   |    =====
          GET offers shop:client |         ====
      `)[0],
    ).toEqual({
      kind: 'sequential-calls',
      saving: 7,
      total: 12,
      longest: 5,
      spanCount: 3,
      spans: ['GET user', 'GET cart', 'GET offers'],
    });
  });

  test('are not told of where they write, fail, or the parent works between', () => {
    expect(
      kindsIn(`
        POST /order                |==============
          INSERT order shop:client | ===
          INSERT item shop:client  |    =====
          COMMIT shop:client       |         ====
      `),
    ).toEqual(['slow-dependency']);
    expect(
      kindsIn(`
        GET /page              |==========
          GET user shop:client | ===
          GET cart shop:client |      ===
      `),
    ).not.toContain('sequential-calls');
    expect(
      kindsIn(`
        GET /page              |=========
          GET user shop:client | xxx
          GET cart shop:client |    ====
      `),
    ).not.toContain('sequential-calls');
    expect(
      kindsIn(`
        checkout                        |=========
          PlaceOrder shop:client        | ===
          /shop.Mail/sendMail shop:client|    ====
      `),
    ).not.toContain('sequential-calls');
  });
});

describe('sending', () => {
  test('is a slow dependency where the broker is', () => {
    // Of 10 the message takes 8, whatever its consumer does.
    expect(
      look(`
        order                  |==========
          send shop:producer   | ========
            mail mail:consumer |  ==
      `),
    ).toMatchObject([{ kind: 'slow-dependency', path: 8, saving: 8, spans: ['send'] }]);
  });

  test('one message after the other is told of, and no call with it', () => {
    // 3 + 4 + 4 = 11, of which the longest stays: 7. What is read before may be what is sent.
    expect(
      sentences(`
        order                    |=================
          GET order shop:client  | ====
          send mail shop:producer|     ===
          send bill shop:producer|        ====
          send ship shop:producer|            ====
      `)[0],
    ).toBe(
      'shop: order sent 3 messages one after the other (1.1 s), the longest of 400 ms: they could be sent at once; up to 700 ms (41 % of shop: order) could be saved.',
    );
  });
});

describe('retries', () => {
  test('cost the failed attempts and the pauses', () => {
    // Failed attempts 2 + 2 = 4, pauses 1 + 3 = 4: without them the last would begin 8 earlier.
    expect(
      look(`
        checkout            |==============
          pay shop:client   | xx
          pay shop:client   |    xx
          pay shop:client   |         ===
      `),
    ).toEqual([
      {
        kind: 'retries',
        saving: 8,
        hasSucceeded: true,
        mayBeLoop: false,
        failed: 4,
        pauses: 4,
        spanCount: 3,
        spans: ['pay', 'pay', 'pay'],
      },
    ]);
  });

  test('are the reason why a service took long that waited between them', () => {
    // The bank's own work is 1 before and pauses of 2 and 4: 7 of 12, of which 6 are pauses.
    expect(
      kindsIn(`
        checkout               |============
          pay shop:client      | ==========
            pay bank:server    | ==========
              ask bank:client  |  x
              ask bank:client  |     x
              ask bank:client  |          =
      `),
    ).toEqual(['retries']);
  });

  test('may all have failed', () => {
    expect(
      look(`
        checkout          |=============
          pay shop:client | xx
          pay shop:client |      xx
      `),
    ).toContainEqual(
      expect.objectContaining({
        kind: 'retries',
        hasSucceeded: false,
        saving: 5,
        failed: 2,
        pauses: 3,
      }),
    );
  });

  test('may be wrapped in spans with their numbers, whatever these say of themselves', () => {
    const draw = (name: string, bar: string): string => `
      checkout                     |==============
        ${name} 1                  | ${bar}
          POST /charge shop:client | xx
        ${name} 2                  |     ${bar}
          POST /charge shop:client |     xx
        ${name} 3                  |         ===
          POST /charge shop:client |         ===
    `;
    for (const bar of ['xxx', '===']) {
      const { columns, rowOf } = drawTrace(draw('attempt', bar));
      expect(look(draw('attempt', bar))).toMatchObject([
        { kind: 'retries', hasSucceeded: true, saving: 8, failed: 6, pauses: 2, spanCount: 3 },
      ]);
      expect(analyzeTrace(columns).findings).toMatchObject([{ tried: rowOf('POST /charge') }]);
    }
    // Without a word for trying, numbers name things: that one fails is not made good by the next.
    expect(kindsIn(draw('load item', 'xxx'))).toEqual(expect.arrayContaining(['error-origin']));
    expect(kindsIn(draw('load item', 'xxx'))).not.toContain('retries');
  });

  test('are no N+1, however many', () => {
    const drawFailing = (count: number, last: string): string =>
      [
        `checkout |${'='.repeat(3 * count + 1)}`,
        ...Array.from(
          { length: count },
          (_, at) => `  pay shop:client |${' '.repeat(3 * at)} ${at === count - 1 ? last : 'xx'}`,
        ),
      ].join('\n');
    const found = (picture: string): readonly object[] =>
      look(picture).filter((finding) => 'hasSucceeded' in finding || 'total' in finding);
    // 11 of 12 attempts of 2 each, with pauses of 1: 11 * 3 = 33.
    expect(found(drawFailing(12, '=='))).toMatchObject([
      { kind: 'retries', hasSucceeded: true, mayBeLoop: false, saving: 33, failed: 22, pauses: 11 },
    ]);
    expect(found(drawFailing(12, 'xx'))).toMatchObject([
      { kind: 'retries', hasSucceeded: false, mayBeLoop: true, saving: 33, spanCount: 12 },
    ]);
    expect(found(drawFailing(10, 'xx'))).toMatchObject([{ kind: 'retries', mayBeLoop: false }]);
    // Half of six failed: it is the failures that are to be mended.
    const loop = (bars: readonly string[]): readonly string[] =>
      kindsIn(
        [
          'import |===================',
          ...bars.map((bar, at) => `  put shop:client |${' '.repeat(3 * at)} ${bar}`),
        ].join('\n'),
      );
    expect(loop(['xx', '==', 'xx', '==', 'xx', '=='])).not.toContain('repeated-calls');
    expect(loop(['xx', '==', '==', '==', 'xx', '=='])).toContain('repeated-calls');
  });

  test('are not a loop in which some failed, nor attempts at once', () => {
    expect(
      kindsIn(`
        import            |=============
          put shop:client | xx
          put shop:client |    ==
          put shop:client |       xx
          put shop:client |          ==
      `),
    ).not.toContain('retries');
    expect(
      kindsIn(`
        import            |=============
          put shop:client | xxxxxx
          put shop:client |   =======
      `),
    ).not.toContain('retries');
  });
});

describe('waiting', () => {
  test('before a server begins is what the way there took longer than the way back', () => {
    // 5 there, 1 back: 4.
    expect(
      look(`
        checkout               |============
          pay shop:client      | ==========
            pay bank:server    |      ====
      `),
    ).toContainEqual({
      kind: 'waiting-calls',
      saving: 4,
      waited: 5,
      spanCount: 1,
      spans: ['pay'],
    });
  });

  test('is added up over the calls of a service, and is not told where both ways are alike', () => {
    // Each 2 there and 1 back: 1 + 1.
    expect(
      look(`
        checkout               |==================
          pay shop:client      | ======
            pay bank:server    |   ===
          book shop:client     |          ======
            book bank:server   |            ===
      `),
    ).toContainEqual(expect.objectContaining({ kind: 'waiting-calls', saving: 2, waited: 4 }));
    expect(
      kindsIn(`
        checkout               |============
          pay shop:client      | ==========
            pay bank:server    |    ====
      `),
    ).not.toContain('waiting-calls');
  });

  test('is not told where it is less than the way that clocks are read is off by', () => {
    const { columns } = drawTrace(`
      checkout            |==========
        pay shop:client   | ========
          pay bank:server |      ===
    `);
    const shorter = (factor: number) => ({
      ...columns,
      startsNs: columns.startsNs.map((ns) => ns / factor),
      durationsNs: columns.durationsNs.map((ns) => ns / factor),
    });
    const kinds = (factor: number) =>
      analyzeTrace(shorter(factor), { options: { minSavingNs: 0 } }).findings.map(
        ({ kind }) => kind,
      );
    // 400 ms there and nothing back: 4 ms, and 0.8 ms.
    expect(kinds(100)).toContain('waiting-calls');
    expect(kinds(500)).not.toContain('waiting-calls');
  });

  test('of messages is from the end of sending to the start of their consumer', () => {
    // The trace lasts 14, so 1.4 are long; the mail waited 6 - 3 = 3.
    expect(
      look(`
        order                  |====
          send shop:producer   | ==
            mail mail:consumer |      ========
            log  log:consumer  |   ==
      `),
    ).toContainEqual({
      kind: 'waiting-messages',
      saving: 0,
      longest: 3,
      spanCount: 1,
      spans: ['mail'],
    });
  });
});

describe('a slow dependency', () => {
  test('is a service whose own work is much of the path', () => {
    // Of 20 the bank works 14: of its server's 16 the database takes 2.
    expect(
      look(`
        checkout               |====================
          pay shop:client      | ==================
            pay bank:server    |  ================
              SELECT bank:client|         ==
      `),
    ).toEqual([{ kind: 'slow-dependency', saving: 14, path: 14, spanCount: 1, spans: ['pay'] }]);
  });

  test('may send no spans; then it is an operation', () => {
    expect(
      sentences(`
        checkout               |==========
          SELECT stock shop:client | ========
      `),
    ).toEqual([
      'shop: SELECT stock worked for 800 ms of the critical path in 1 span; up to 800 ms (80 % of shop: checkout) could be saved.',
    ]);
  });

  test('saves only as much as the next to end allows', () => {
    expect(
      look(`
        checkout               |==========
          SELECT stock shop:client | ========
          price                | ======
      `),
    ).toMatchObject([{ kind: 'slow-dependency', path: 8, saving: 2 }]);
  });

  test('may be what the service of the root does itself, but for the root', () => {
    // Of 12 the lock takes 6, and the root itself 1 before and 3 after.
    expect(
      look(`
        checkout          |============
          reserve         | ========
            wait-for-lock | ======
            UPDATE shop:client |       ==
      `),
    ).toEqual([
      { kind: 'slow-dependency', saving: 6, path: 6, spanCount: 1, spans: ['wait-for-lock'] },
    ]);
    expect(kindsIn('checkout |==========')).toEqual([]);
    // What a call takes on its way is no work, and less than 10 ms is what every handler takes.
    expect(
      kindsIn(`
        checkout          |==========
          pay shop:client | ========
            pay bank:server |    ==
      `),
    ).not.toContain('slow-dependency');
    const { columns } = drawTrace(`
      checkout  |==========
        reserve | ========
    `);
    const shorter = { ...columns, durationsNs: columns.durationsNs.map((ns) => ns / 100) };
    expect(analyzeTrace(shorter).findings).toEqual([]);
  });

  test('is not one that is fast and called very often', () => {
    expect(
      kindsIn(`
        GET /orders               |============
          SELECT item shop:client | ==
          SELECT item shop:client |   ==
          SELECT item shop:client |     ==
          SELECT item shop:client |       ==
          SELECT item shop:client |         ==
      `),
    ).toEqual(['repeated-calls']);
  });
});

describe('work that was lost', () => {
  test('is what a server does when its client has given up', () => {
    // The call ends at 5, the server at 12.
    expect(
      look(`
        checkout            |xxxxxxx
          pay shop:client   | xxxx
            pay bank:server |  ==========
      `),
    ).toContainEqual({ kind: 'abandoned-work', saving: 0, after: 7, spanCount: 1, spans: ['pay'] });
  });

  test('is what runs on beside the call that its caller failed of, and not what was meant to go on', () => {
    // The checkout ends at 5, the shipping at 11.
    expect(
      look(`
        checkout           |xxxxx
          pay shop:client  | xxx
          ship shop:client | ==========
      `),
    ).toContainEqual({
      kind: 'abandoned-work',
      saving: 0,
      after: 6,
      spanCount: 1,
      spans: ['ship'],
    });
    expect(
      kindsIn(`
        checkout           |=====
          ship shop:client | ==========
      `),
    ).not.toContain('abandoned-work');
    expect(
      kindsIn(`
        send shop:producer   |xx
          mail mail:consumer | ==========
      `),
    ).not.toContain('abandoned-work');
  });

  test('is not what a clock that is wrong looks like', () => {
    // The answer came at 4 and was a failure; the server's clock has it half a sign, 50 ms, later.
    const { columns, rowOf } = drawTrace(`
      checkout           |======
        pay shop:client  | xxx
          do bank:server |   =
    `);
    const skewed = { ...columns, startsNs: columns.startsNs.slice() };
    skewed.startsNs[rowOf('do')] = 3.5 * CELL_NS;
    expect(analyzeTrace(skewed).findings.map(({ kind }) => kind)).not.toContain('abandoned-work');
    skewed.startsNs[rowOf('do')] = 4 * CELL_NS;
    expect(analyzeTrace(skewed).findings.map(({ kind }) => kind)).toContain('abandoned-work');
  });

  test('is not a span that is closed after its answer was read', () => {
    // The server's answer, a failure, was read 2 ms before it closed its span.
    const { columns, rowOf } = drawTrace(`
      checkout           |======
        pay shop:client  | xxx
          do bank:server | ===
            ask          | =
    `);
    const closed = { ...columns, durationsNs: columns.durationsNs.slice() };
    const server = rowOf('do');
    const found = (longerNs: number) => {
      closed.durationsNs[server] = 3 * CELL_NS + longerNs;
      return analyzeTrace(closed).findings.map(({ kind }) => kind);
    };
    expect(found(2_000_000)).not.toContain('abandoned-work');
    expect(found(21_000_000)).toContain('abandoned-work');
    // It did something in these 2 ms.
    closed.durationsNs[rowOf('ask')] = 3 * CELL_NS + 2_000_000;
    expect(found(2_000_000)).toContain('abandoned-work');
  });

  test('is not what its caller waited for, closed late: the error is told as the one of all three', () => {
    const { columns, rowOf } = drawTrace(`
      root                  |xxxxxxxxxx
        call shop:client    | xxxxxxxxx
          serve bank:server | xxxxxxxxx
    `);
    columns.durationsNs[rowOf('call')] = 9 * CELL_NS + 20_000_000;
    expect(analyzeTrace(columns).findings).toMatchObject([
      { kind: 'error-origin', reach: 'root', origin: rowOf('serve'), spanCount: 3 },
      { kind: 'slow-dependency' },
    ]);
    columns.durationsNs[rowOf('call')] = 9 * CELL_NS + 21_000_000;
    expect(analyzeTrace(columns).findings.map(({ kind }) => kind)).toEqual([
      'error-origin',
      'error-origin',
      'slow-dependency',
      'abandoned-work',
    ]);
  });

  test('is what was cancelled, without what was with it', () => {
    const { columns, rowsOf } = drawTrace(`
      search             |======
        try shop:client  | xxx
          try            |  xx
        ask shop:client  | ====
    `);
    const found = (): readonly Finding[] =>
      analyzeTrace(columns).findings.filter(({ kind }) => kind === 'cancelled-work');
    expect(found()).toEqual([]);
    const [outer = -1, inner = -1] = rowsOf('try');
    columns.cancelled[outer] = 1;
    columns.cancelled[inner] = 1;
    expect(found()).toMatchObject([{ savingNs: 0, lostNs: 3 * CELL_NS, spans: [outer] }]);
  });
});

describe('missing spans', () => {
  test('are parents that were not sent', () => {
    expect(
      look(`
        checkout |========
        ?pay     |  ==
        ?ship    |    ==
      `),
    ).toEqual([
      { kind: 'missing-parents', saving: 0, missingCount: 2, spanCount: 2, spans: ['pay', 'ship'] },
    ]);
  });

  test('are servers of calls whose like have one', () => {
    const served = `
      checkout             |====================
        pay shop:client    | ==
          take bank:server | ==
        pay shop:client    |    ==
          take bank:server |    ==
        pay shop:client    |       ==
          take bank:server |       ==
        pay shop:client    |          ==
          take bank:server |          ==
        pay shop:client    |             ==`;
    expect(look(served)).toContainEqual({
      kind: 'missing-servers',
      saving: 0,
      servedCount: 4,
      spanCount: 1,
      spans: ['pay'],
    });
    // Two of six have none: `pay` is rather the name of calls of something that sends no spans, too.
    const lessServed = `${served}
        pay shop:client    |                ==`;
    expect(kindsIn(lessServed)).not.toContain('missing-servers');
  });
});

describe('what the main root does not wait for', () => {
  const reads = `
        SELECT stock shop:client |     ===
        SELECT stock shop:client |        ===
        SELECT stock shop:client |           ===
        SELECT stock shop:client |              ===
        SELECT stock shop:client |                 ===`;

  test('is looked at for what it could save of its own duration', () => {
    // All but the longest of 5 calls of 3: 4 * 3 = 12, of the consumer's 1 + 5 * 3 + 1 = 17.
    expect(
      sentences(`
        order                  |===
          send shop:producer   | =
            mail mail:consumer |    =================
              SELECT mail:client |     ===
              SELECT mail:client |        ===
              SELECT mail:client |           ===
              SELECT mail:client |              ===
              SELECT mail:client |                 ===
      `),
    ).toContain(
      'mail: mail called mail: SELECT 5 times, one after the other, for 1.5 s; up to 1.2 s (71 % of mail: mail) could be saved.',
    );
    // Beside a root, however short, and in what goes on when its caller has ended.
    expect(
      kindsIn(`
      order |==
      ?load |    =================${reads}
      `),
    ).toEqual(['repeated-calls', 'missing-parents']);
    expect(
      kindsIn(`
      order  |==
        load | ====================${reads.replaceAll('        SELECT', '          SELECT')}
      `),
    ).toEqual(['repeated-calls']);
  });

  test('is told of once where it is the same again, by the longest', () => {
    const { columns, rowsOf } = drawTrace(`
      order                      |====
        send shop:producer       | =
          mail mail:consumer     |   ======
            render               |   =====
          mail mail:consumer     |         =======
            render               |         ======
    `);
    const [, second = -1] = rowsOf('mail');
    expect(analyzeTrace(columns).findings).toMatchObject([
      { kind: 'slow-dependency', savingNs: 6 * CELL_NS, root: second },
      { kind: 'waiting-messages' },
    ]);
    const options = { maxApartRoots: 0 };
    expect(analyzeTrace(columns, { options }).findings).toMatchObject([
      { kind: 'waiting-messages' },
    ]);
  });

  test('is left out where it takes less than what is told of the main root', () => {
    expect(
      kindsIn(`
        order                   |=========================================
          send shop:producer    | =
            mail mail:consumer  |  ==
              GET a mail:client |  =
              GET b mail:client |   =
      `),
    ).toEqual([]);
  });
});

describe('findings', () => {
  const busy = `
    GET /orders               |xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      SELECT item shop:client | ==
      SELECT item shop:client |   ==
      SELECT item shop:client |     ==
      SELECT item shop:client |       ==
      SELECT item shop:client |         ==
      pay shop:client         |           xx
      pay shop:client         |              xx
      pay shop:client         |                   ==
      GET a shop:client       |                       ==
      GET b shop:client       |                         ==
  `;

  test('come by what they would save, behind where an error began', () => {
    const { findings } = analyzeTrace(drawTrace(busy).columns);
    const [error, ...others] = findings;
    expect(error?.kind).toBe('error-origin');
    expect(others.map(({ kind, savingNs }) => [kind, savingNs / CELL_NS])).toEqual([
      ['repeated-calls', 8],
      ['retries', 8],
      ['sequential-calls', 2],
    ]);
    expect(others.map(({ savingShare }) => savingShare)).toEqual([8 / 30, 8 / 30, 2 / 30]);
  });

  test('are no more, with no more spans, than options say', () => {
    const options = { maxFindings: 2, maxEvidenceSpans: 3 };
    const { findings } = analyzeTrace(drawTrace(busy).columns, { options });
    expect(findings.map(({ kind, spans, spanCount }) => [kind, spans.length, spanCount])).toEqual([
      ['error-origin', 1, 1],
      ['repeated-calls', 3, 5],
    ]);
  });

  test('below the share that is worth telling are left out', () => {
    const kinds = kindsIn(busy, { options: { minSavingShare: 0.2 } });
    expect(kinds).toEqual(['error-origin', 'repeated-calls', 'retries']);
  });

  test('of a quick root are left out where nobody would notice, but for N+1 and retries', () => {
    const quicker = (picture: string, factor: number): readonly string[] => {
      const { columns } = drawTrace(picture);
      const shorter = {
        ...columns,
        startsNs: columns.startsNs.map((ns) => ns / factor),
        durationsNs: columns.durationsNs.map((ns) => ns / factor),
      };
      return analyzeTrace(shorter).findings.map(({ kind }) => kind);
    };
    const slow = `
      checkout                 |============
        SELECT stock shop:client | =====
    `;
    // 500 ms of 1.2 s; 10 ms of 24 ms; 4.9 ms of 11.8 ms.
    expect(quicker(slow, 1)).toEqual(['slow-dependency']);
    expect(quicker(slow, 50)).toEqual(['slow-dependency']);
    expect(quicker(slow, 102)).toEqual([]);
    const sequential = `
      GET /page                |==========
        GET user shop:client   | ====
        GET cart shop:client   |     ====
    `;
    // 400 ms of 1 s; 8 ms of 20 ms.
    expect(quicker(sequential, 1)).toContain('sequential-calls');
    expect(quicker(sequential, 50)).toEqual([]);
    const message = `
      order                  |===
        send shop:producer   | =
          mail mail:consumer |     =
    `;
    // 300 ms of 600 ms; 6 ms of 12 ms.
    expect(quicker(message, 1)).toContain('waiting-messages');
    expect(quicker(message, 50)).toEqual([]);
    const attempts = `
      checkout            |============
        pay shop:client   | xx
        pay shop:client   |    xx
        pay shop:client   |         ===
    `;
    // 800 ms of 1.2 s; 8 ms of 12 ms; 0.8 ms of 1.2 ms.
    expect(quicker(attempts, 1)).toEqual(['retries']);
    expect(quicker(attempts, 100)).toEqual(['retries']);
    expect(quicker(attempts, 1000)).toEqual([]);
    const repeated = `
      GET /orders               |============
        SELECT item shop:client | ==
        SELECT item shop:client |   ==
        SELECT item shop:client |     ==
        SELECT item shop:client |       ==
        SELECT item shop:client |         ==
    `;
    // 800 ms of 1.2 s; 8 ms of 12 ms; 0.8 ms of 1.2 ms.
    expect(quicker(repeated, 100)).toEqual(['repeated-calls']);
    expect(quicker(repeated, 1000)).toEqual([]);
  });

  test('of any trace save what their root takes at most, and are of its spans', () => {
    fc.assert(
      fc.property(fc.oneof(anySpans, anyNestedSpans), (spans) => {
        const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
        const options = {
          minSavingShare: 0,
          minSavingNs: 0,
          minFaultSavingNs: 0,
          minRepeatedCalls: 2,
          minServedCalls: 1,
        };
        const { findings } = analyzeTrace(columns, { options });
        for (const finding of findings) {
          expect(finding.savingNs).toBeGreaterThanOrEqual(0);
          expect(finding.savingNs).toBeLessThanOrEqual(columns.durationsNs[finding.root] ?? 0);
          expect(finding.spans.every((row) => row >= 0 && row < columns.spanCount)).toBe(true);
          expect(new Set(finding.spans).size).toBe(finding.spanCount);
          expect(describeFinding(finding, columns)).toMatch(/^\S.*\.$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('are none in a trace that takes no time, or has no spans', () => {
    expect(kindsIn('')).toEqual([]);
    expect(
      kindsIn(`
        root           |.
          a shop:client|.
          a shop:client|.
      `),
    ).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { drawTrace } from '../../testing/draw-trace.ts';
import { describeFinding } from './describe-finding.ts';
import type { Finding } from './finding.ts';

const { columns } = drawTrace(`
  checkout            |====
    pay shop:client   | ==
      take bank:server | =
`);
const evidence = { root: 0, savingNs: 0, savingShare: 0, spans: [1], spanCount: 1 };

const error = {
  kind: 'error-origin',
  ...evidence,
  reach: 'root',
  wayCount: 1,
  serviceCount: 2,
  isUnbroken: true,
  isCertain: true,
  hasGoneOn: false,
  witness: -1,
  silentService: -1,
} as const;

describe('a finding in words', () => {
  test.each<[Finding, string]>([
    [
      {
        kind: 'repeated-calls',
        ...evidence,
        savingNs: 1_250_000_000,
        savingShare: 0.251,
        spanCount: 50,
        parent: 0,
        work: 'call',
        totalNs: 1.5e9,
      },
      'shop: checkout called shop: pay 50 times, one after the other, for 1.5 s; up to 1.25 s (25 % of shop: checkout) could be saved.',
    ],
    [
      {
        kind: 'sequential-calls',
        ...evidence,
        spanCount: 3,
        parent: 0,
        totalNs: 12_000,
        longestNs: 999,
      },
      'shop: checkout made 3 calls one after the other (12 µs), the longest of 999 ns: they could run side by side if none needs what another answers.',
    ],
    [
      {
        kind: 'retries',
        ...evidence,
        spanCount: 3,
        parent: 0,
        tried: 1,
        hasSucceeded: true,
        mayBeLoop: false,
        failedNs: 4e6,
        pausesNs: 1e6,
      },
      'shop: pay was tried 3 times and succeeded in the end: the attempts before the last took 4 ms, the pauses 1 ms.',
    ],
    [
      {
        kind: 'retries',
        ...evidence,
        spanCount: 2,
        parent: 0,
        tried: 1,
        hasSucceeded: false,
        mayBeLoop: false,
        failedNs: 4e6,
        pausesNs: 0,
      },
      'shop: pay was tried 2 times and failed each time: the attempts before the last took 4 ms, the pauses 0 ns.',
    ],
    [
      {
        kind: 'retries',
        ...evidence,
        spanCount: 80,
        parent: 0,
        tried: 1,
        hasSucceeded: false,
        mayBeLoop: true,
        failedNs: 4e6,
        pausesNs: 0,
      },
      'shop: pay was tried 80 times and failed each time, or is a loop in which everything failed: the attempts before the last took 4 ms, the pauses 0 ns.',
    ],
    [
      { kind: 'other-errors', ...evidence, spanCount: 3, wayCount: 2, areHandled: false },
      '3 more failures of 2 other kinds.',
    ],
    [
      { kind: 'waiting-calls', ...evidence, service: 1, waitedNs: 5e6 },
      '1 call waited 5 ms until bank began.',
    ],
    [
      { kind: 'waiting-messages', ...evidence, spanCount: 2, service: 1, longestNs: 90e9 },
      '2 messages waited for bank, up to 90 s.',
    ],
    [
      { kind: 'slow-dependency', ...evidence, service: 1, name: -1, pathNs: 5e6 },
      'bank worked for 5 ms of the critical path in 1 span.',
    ],
    [
      { ...error, spans: [0, 1, 2], spanCount: 3, origin: 2, isUnbroken: false },
      'shop: checkout failed because bank: take did, through 2 services, if spans between that do not say so failed for it.',
    ],
    [
      { ...error, reach: 'within', wayCount: 3, spans: [1, 2], spanCount: 2, origin: 2 },
      'shop: pay failed because bank: take did, through 2 services, 3 times; the root does not say that it failed.',
    ],
    [
      { ...error, reach: 'apart', origin: 1, serviceCount: 1, silentService: 1 },
      'shop: pay failed by itself: nothing that it waited for failed; bank, which it called, does not say that it failed; the root did not wait for it.',
    ],
    [
      { kind: 'abandoned-work', ...evidence, spans: [2], afterNs: 3e6 },
      'bank: take went on for 3 ms after its caller had given up.',
    ],
    [
      { kind: 'cancelled-work', ...evidence, spanCount: 3, lostNs: 3e6 },
      'shop: pay, with 2 others like it, was cancelled after 3 ms.',
    ],
    [
      { kind: 'missing-parents', ...evidence, spanCount: 3, missingCount: 1 },
      '3 spans below 1 parent missing from the trace.',
    ],
    [
      { kind: 'missing-servers', ...evidence, service: 0, name: 1, servedCount: 9 },
      '1 call of shop: pay without a server span, while 9 have one.',
    ],
  ])('says what it is: %#', (finding, words) => {
    expect(describeFinding(finding, columns)).toBe(words);
  });
});

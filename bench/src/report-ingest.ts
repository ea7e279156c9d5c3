import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../e2e/src/sources.ts';
import type { IngestResult } from './ingest.ts';

const MEBIBYTE = 2 ** 20;

/** Prints what was measured as a table and keeps it as JSON in `bench/results`. */
export function reportIngest(result: IngestResult): void {
  const rows = describe(result);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  for (const [reason, count] of result.report.failures) console.log(`${count} × ${reason}`);
  console.log(`\nkept in ${keep(result, rows)}`);
}

type Row = readonly [string, string];

function describe(result: IngestResult): readonly Row[] {
  const { options, report, idle, settled, drained, checked } = result;
  const spans = report.acknowledgedSpans;
  const latenciesMs = [...report.latenciesMs].sort((a, b) => a - b);
  const cpuOf = ({ cpuMs }: { cpuMs: number }): string =>
    ((1000 * (cpuMs - idle.cpuMs)) / spans).toFixed(2);
  const { protocol, connections, spansPerRequest, rate } = options;
  return [
    [
      'sender',
      `OTLP/${protocol}, ${connections} connections, ${spansPerRequest} spans a request, ` +
        `${(report.bytes / spans).toFixed(1)} bytes a span, ${rate ?? 'any number of'} spans/s, ` +
        `${(report.cpuMs / result.sendingMs).toFixed(2)} cores`,
    ],
    [
      'machine',
      `${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
    ],
    ['ready on an empty store, ms (≤ 1,000)', result.readyMs.toFixed(0)],
    ['resident when idle, MiB (≤ 350 MB)', mebibytes(idle.residentBytes)],
    ['spans acknowledged', String(spans)],
    ['spans/s acknowledged', perSecond(spans, result.sendingMs)],
    ['spans/s with the backlog drained', perSecond(spans, result.drainedMs)],
    ['acknowledgement p50 / p99 / max, ms', latencies(latenciesMs)],
    ['server CPU when drained, µs/span', cpuOf(drained)],
    [
      'server CPU when settled, µs/span',
      `${cpuOf(settled)} after ${((result.settledMs - result.drainedMs) / 1000).toFixed(0)} s` +
        (result.isSettled ? '' : ', still merging'),
    ],
    [
      'resident at its peak / settled, MiB',
      `${mebibytes(settled.peakResidentBytes)} / ${mebibytes(settled.residentBytes)}`,
    ],
    ['bytes/span on disk (merges may go on)', (result.diskBytes / spans).toFixed(1)],
    ['drain at SIGTERM, ms (exit code)', `${result.stopMs.toFixed(0)} (${result.exitCode})`],
    ['distinct spans in the store', String(checked.stored - checked.doubled)],
    ['lost / doubled / foreign', `${checked.lost} / ${checked.doubled} / ${checked.foreign}`],
    ['stored without acknowledgement', String(checked.unacknowledged)],
  ];
}

function perSecond(spans: number, durationMs: number): string {
  return String(Math.round((1000 * spans) / durationMs));
}

function mebibytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(0);
}

function latencies(sortedMs: readonly number[]): string {
  const at = (share: number): string =>
    (
      sortedMs[Math.min(sortedMs.length - 1, Math.floor(share * sortedMs.length))] ?? Number.NaN
    ).toFixed(0);
  return `${at(0.5)} / ${at(0.99)} / ${at(1)}`;
}

function keep(result: IngestResult, rows: readonly Row[]): string {
  const folder = join(ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const name = `ingest-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`;
  // A bit a request says nothing to a reader.
  const { acknowledged: _, ...report } = result.report;
  const text = JSON.stringify({ ...result, report, table: Object.fromEntries(rows) }, null, 2);
  writeFileSync(join(folder, name), text);
  return join('bench', 'results', name);
}

import type { IngestResult, ServerUsage } from './ingest.ts';
import { describeMachine, keepResult } from './keep-result.ts';
import { LatencyHistogram } from './load/latency-histogram.ts';
import type { TableSize } from './load/checked-store.ts';
import { STAGES } from './thread-usage.ts';
import type { MemorySample } from './thread-usage.ts';

/** The figures of a run that are asked for again and again. */
export interface IngestFigures {
  readonly acknowledgedSpans: number;
  readonly acknowledgedPerSecond: number;
  readonly drainedPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly cpuMicrosPerSpan: { readonly drained: number; readonly settled: number };
  /** When settled. */
  readonly cpuMicrosPerSpanByStage: Readonly<Record<string, number>>;
  readonly cpuMicrosPerSpanByThreadName: Readonly<Record<string, number>>;
  readonly peakResidentMib: number;
  /** While the second half was sent: flat is when `max` is at most a tenth above the mean of the two. */
  readonly secondHalfMib: MemoryRange;
  /** Of the means of its minutes from the third on; undefined when these are fewer than two. */
  readonly minuteMeansMib: MemoryRange | undefined;
  readonly bytesPerSpan: number;
  readonly bytesPerSpanByTable: Readonly<Record<string, number>>;
  /** When fully merged; undefined when that was not asked for. */
  readonly mergedBytesPerSpan: number | undefined;
  readonly mergedBytesPerSpanByTable: Readonly<Record<string, number>>;
}

interface MemoryRange {
  readonly min: number;
  readonly max: number;
}

/** Prints what was measured as a table and keeps it as JSON in `bench/results`. */
export function reportIngest(result: IngestResult): void {
  const figures = computeFigures(result);
  const rows = describe(result, figures);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  for (const [reason, count] of result.report.failures) console.log(`${count} × ${reason}`);
  // A bit a request says nothing to a reader.
  const { acknowledged: _, ...report } = result.report;
  const path = keepResult('ingest', { ...result, report, figures });
  console.log(`\nkept in ${path}`);
}

export function computeFigures(result: IngestResult): IngestFigures {
  const { report, idle, drained, settled, checked } = result;
  const spans = report.acknowledgedSpans;
  const latencies = new LatencyHistogram(report.latencies);
  const memory = secondHalf(result);
  const perSpan = (used: number, before: number): number => (1000 * (used - before)) / spans;
  const byThreadName = Object.entries(settled.stages.cpuMsByThreadName).map(([name, ms]) => [
    name,
    perSpan(ms, idle.stages.cpuMsByThreadName[name] ?? 0),
  ]);
  const byStage = STAGES.map((stage) => [
    stage,
    perSpan(settled.stages.cpuMs[stage], idle.stages.cpuMs[stage]),
  ]);
  return {
    acknowledgedSpans: spans,
    acknowledgedPerSecond: (1000 * spans) / result.sendingMs,
    drainedPerSecond: (1000 * spans) / result.drainedMs,
    latencyMs: {
      p50: latencies.quantileMs(0.5),
      p99: latencies.quantileMs(0.99),
      max: latencies.quantileMs(1),
    },
    cpuMicrosPerSpan: {
      drained: perSpan(drained.cpuMs, idle.cpuMs),
      settled: perSpan(settled.cpuMs, idle.cpuMs),
    },
    cpuMicrosPerSpanByStage: Object.fromEntries(byStage),
    cpuMicrosPerSpanByThreadName: Object.fromEntries(byThreadName),
    peakResidentMib: mebibytes(settled.peakResidentBytes),
    secondHalfMib: rangeOf(memory.map(({ residentBytes }) => residentBytes)),
    minuteMeansMib: minuteMeans(result),
    bytesPerSpan: result.diskBytes / spans,
    bytesPerSpanByTable: bytesPerSpan(checked.tables, spans),
    mergedBytesPerSpan:
      checked.mergedTables.length === 0 ? undefined : sumBytes(checked.mergedTables) / spans,
    mergedBytesPerSpanByTable: bytesPerSpan(checked.mergedTables, spans),
  };
}

type Row = readonly [string, string];

function describe(result: IngestResult, figures: IngestFigures): readonly Row[] {
  const { options, report, idle, settled, checked } = result;
  const { protocol, connections, spans, rate } = options;
  const machine = describeMachine();
  const sent = report.acknowledgedSpans;
  return [
    [
      'sender',
      `${protocol}, ${connections} connections, ${spans} spans a request, ` +
        `${(report.bytes / sent).toFixed(1)} bytes a span, ${rate ?? 'any number of'} spans/s, ` +
        `${(report.cpuMs / result.sendingMs).toFixed(2)} cores`,
    ],
    [
      'machine',
      `${machine.cores} × ${machine.cpu}, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ` +
        `Node ${machine.node}, commit ${machine.commit}`,
    ],
    ['ready on an empty store, ms (≤ 1,000)', result.readyMs.toFixed(0)],
    ['resident when idle, MiB (≤ 350 MB)', mebibytes(idle.residentBytes).toFixed(0)],
    ['spans acknowledged', String(sent)],
    ['spans/s acknowledged', figures.acknowledgedPerSecond.toFixed(0)],
    ['spans/s with the backlog drained', figures.drainedPerSecond.toFixed(0)],
    ['acknowledgement p50 / p99 / max, ms', formatLatency(figures.latencyMs)],
    ['server CPU when drained, µs/span', figures.cpuMicrosPerSpan.drained.toFixed(2)],
    [
      'server CPU when settled, µs/span',
      `${figures.cpuMicrosPerSpan.settled.toFixed(2)} after ` +
        `${((result.settledMs - result.drainedMs) / 1000).toFixed(0)} s` +
        (result.isSettled ? '' : ', still merging'),
    ],
    ...STAGES.map((stage): Row => [
      `  ${stage}`,
      (figures.cpuMicrosPerSpanByStage[stage] ?? 0).toFixed(2),
    ]),
    ['resident at its peak / settled, MiB', formatPeak(figures, settled)],
    ['resident in the second half, MiB', formatRange(figures.secondHalfMib)],
    ['  means of minutes from the third', formatRange(figures.minuteMeansMib)],
    ['bytes/span on disk when settled', figures.bytesPerSpan.toFixed(1)],
    ...formatTables('bytes/span with all parts merged', figures),
    ['drain at SIGTERM, ms (exit code)', `${result.stopMs.toFixed(0)} (${result.exitCode})`],
    ['distinct spans in the store', String(checked.stored - checked.doubled)],
    ['lost / doubled / foreign', `${checked.lost} / ${checked.doubled} / ${checked.foreign}`],
    ['stored without acknowledgement', String(checked.unacknowledged)],
  ];
}

export function formatLatency({ p50, p99, max }: IngestFigures['latencyMs']): string {
  return [p50, p99, max].map((ms) => ms.toFixed(ms < 10 ? 1 : 0)).join(' / ');
}

function formatPeak({ peakResidentMib }: IngestFigures, { residentBytes }: ServerUsage): string {
  return `${peakResidentMib.toFixed(0)} / ${mebibytes(residentBytes).toFixed(0)}`;
}

/** The deviation is from the middle of the lowest and the highest. */
function formatRange(range: MemoryRange | undefined): string {
  if (range === undefined) return 'too short';
  const { min, max } = range;
  const deviation = (100 * (max - min)) / (max + min);
  return `${min.toFixed(0)} to ${max.toFixed(0)} (±${deviation.toFixed(0)} %)`;
}

function formatTables(title: string, figures: IngestFigures): readonly Row[] {
  const { mergedBytesPerSpan, mergedBytesPerSpanByTable } = figures;
  if (mergedBytesPerSpan === undefined) return [];
  const tables = Object.entries(mergedBytesPerSpanByTable);
  return [
    [title, mergedBytesPerSpan.toFixed(1)],
    ...tables.map(([table, bytes]): Row => [`  ${table}`, bytes.toFixed(2)]),
  ];
}

function bytesPerSpan(tables: readonly TableSize[], spans: number): Record<string, number> {
  return Object.fromEntries(tables.map(({ table, bytes }) => [table, bytes / spans]));
}

function sumBytes(tables: readonly TableSize[]): number {
  return tables.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Looks at the memory while the second half was sent. */
function secondHalf({ memory, sendingMs }: IngestResult): readonly MemorySample[] {
  return memory.filter(({ atMs }) => atMs >= sendingMs / 2);
}

const MINUTE_MS = 60_000;

/**
 * A minute has all that comes again and again in it: inserts, merges, and from the third on a pass over service edges. The last
 * one counts when it has half of its time.
 */
function minuteMeans({ memory, sendingMs }: IngestResult): MemoryRange | undefined {
  const minutes = new Map<number, number[]>();
  const count = Math.round(sendingMs / MINUTE_MS);
  for (const { atMs, residentBytes } of memory) {
    const minute = Math.floor(atMs / MINUTE_MS);
    if (minute < 2 || minute >= count) continue;
    const bytes = minutes.get(minute) ?? [];
    bytes.push(residentBytes);
    minutes.set(minute, bytes);
  }
  if (minutes.size < 2) return undefined;
  return rangeOf(
    [...minutes.values()].map((bytes) => bytes.reduce((sum, each) => sum + each) / bytes.length),
  );
}

function rangeOf(bytes: readonly number[]): MemoryRange {
  return { min: mebibytes(Math.min(...bytes)), max: mebibytes(Math.max(...bytes)) };
}

function mebibytes(bytes: number): number {
  return bytes / 2 ** 20;
}

/** `npm run bench -- sdk`: what a span costs the application that makes it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { formatTable, keepResult } from '../keep-result.ts';
import { expectSpans } from './expect-spans.ts';
import { forkScript } from './fork-script.ts';
import { benchHttp } from './http.ts';
import { median } from './median.ts';
import type { SenderFigures, SenderTask } from './sender.ts';
import { SPAN_CASES } from './span-cases.ts';

export interface SdkOptions {
  /** For each measurement. */
  readonly spans: number;
  /** Measurements of each; the median counts. */
  readonly repeat: number;
  readonly only?: string;
}

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly kind: SenderTask['kind'];
  readonly spanCase: string;
  readonly spanCount: number;
  readonly batchSize?: number;
  /** Measured only when it is asked for by name. */
  readonly isLong?: boolean;
}

/** Spans that fit the nursery of `measureAllocation`, of whomever. */
const ALLOCATED_SPANS = 24_576;
/** A nursery as large as V8 lets it be. */
const NURSERY = ['--expose-gc', '--min-semi-space-size=1024', '--max-semi-space-size=1024'];

export async function benchSdk(options: SdkOptions): Promise<void> {
  const { only } = options;
  const rows = listRows(options.spans).filter(({ name, isLong }) =>
    only === undefined ? isLong !== true : name.includes(only),
  );
  const results: Record<string, Record<string, number>> = {};
  for (const row of rows) {
    const isCompared = row.kind !== 'memory';
    const subjects =
      row.kind === 'await' ? ['clew', 'opentelemetry', 'none'] : ['clew', 'opentelemetry'];
    const values: Record<string, number[]> = {};
    for (let i = 0; i < options.repeat; i++) {
      for (const subject of isCompared ? subjects : ['clew']) {
        (values[subject] ??= []).push(await measure({ ...row, subject }));
      }
    }
    results[`${row.name}, ${row.unit}`] = Object.fromEntries(
      Object.entries(values).map(([subject, all]) => [subject, median(all)]),
    );
    process.stderr.write(`${row.name}: ${JSON.stringify(values)}\n`);
  }
  if (only === undefined || 'http server'.includes(only)) Object.assign(results, await benchHttp());
  process.stdout.write(`${format(results)}\n`);
  process.stdout.write(`${keepResult('sdk', { options, results })}\n`);
}

function listRows(spans: number): readonly Row[] {
  const rows: Row[] = [];
  for (const spanCase of Object.keys(SPAN_CASES)) {
    const cpu = { unit: 'µs CPU', kind: 'cpu', spanCase, spanCount: spans } as const;
    rows.push({ name: `span, ${spanCase}`, ...cpu });
    rows.push({ name: `span, ${spanCase}, requests of 512`, ...cpu, batchSize: 512 });
    const allocation = { unit: 'bytes', kind: 'allocation', spanCase } as const;
    rows.push({ name: `span, ${spanCase}`, ...allocation, spanCount: ALLOCATED_SPANS });
  }
  const loop = { unit: 'ns CPU', spanCase: 'bare', spanCount: 2_000_000 };
  return [
    ...rows,
    { name: 'unsampled child', kind: 'unsampled', ...loop },
    { name: 'await in a span', kind: 'await', ...loop },
    {
      name: 'memory growth over 10 million spans',
      unit: 'MiB',
      kind: 'memory',
      spanCase: '10 attributes',
      spanCount: 10_000_000,
      isLong: true,
    },
  ];
}

async function measure(row: Row & { readonly subject: string }): Promise<number> {
  const receiver = forkScript('receiver.ts', [], []);
  try {
    const [address] = (await once(receiver, 'message')) as [AddressInfo];
    const endpoint = `http://127.0.0.1:${address.port}`;
    const task: SenderTask = { ...row, endpoint, batchSize: row.batchSize };
    const flags = row.kind === 'allocation' ? NURSERY : ['--expose-gc'];
    const sender = forkScript('sender.ts', [JSON.stringify(task)], flags);
    const [figures] = (await once(sender, 'message')) as [SenderFigures];
    await expectSpans(endpoint, figures.spansSent);
    return figures.value;
  } finally {
    receiver.kill();
  }
}

function format(results: Readonly<Record<string, Readonly<Record<string, number>>>>): string {
  const show = (value: number | undefined): string =>
    value === undefined ? '' : value.toFixed(value < 100 ? 2 : 0);
  const rows = Object.entries(results).map(([name, { clew, opentelemetry, none }]) => {
    const ratio =
      clew === undefined || opentelemetry === undefined ? undefined : clew / opentelemetry;
    return [name, show(clew), show(opentelemetry), show(none), show(ratio)];
  });
  return formatTable(['', 'Clew', 'OpenTelemetry', 'none', 'ratio'], rows);
}

import { benchIngest } from './ingest.ts';
import type { IngestResult } from './ingest.ts';
import { formatTable, keepResult } from './keep-result.ts';
import type { Protocol } from './load/connection.ts';
import { computeFigures, formatLatency } from './report-ingest.ts';
import type { IngestFigures } from './report-ingest.ts';

export interface MatrixOptions {
  readonly protocols: readonly Protocol[];
  /** Of each run. */
  readonly seconds: number;
}

const CONNECTIONS = [1, 8, 64];
const SPANS = [10, 5000];

/** Runs each protocol over few and many connections with small and large requests, and prints a table. */
export async function benchMatrix({ protocols, seconds }: MatrixOptions): Promise<void> {
  const runs: (Pick<IngestResult, 'options'> & { readonly figures: IngestFigures })[] = [];
  for (const protocol of protocols) {
    for (const spans of SPANS) {
      for (const connections of CONNECTIONS) {
        const options = { protocol, connections, spans, seconds, mergeFully: false };
        console.error(`${protocol}, ${spans} spans a request, ${connections} connections`);
        runs.push({ options, figures: computeFigures(await benchIngest(options)) });
      }
    }
  }
  const header = ['sender', 'spans/s', 'drained', 'µs/span', 'ack p50 / p99 / max ms', 'peak MiB'];
  const rows = runs.map(({ options, figures }) => [
    `${options.protocol}, ${options.spans} spans, ${options.connections} connections`,
    Math.round(figures.acknowledgedPerSecond).toLocaleString('en'),
    Math.round(figures.drainedPerSecond).toLocaleString('en'),
    figures.cpuMicrosPerSpan.settled.toFixed(1),
    formatLatency(figures.latencyMs),
    figures.peakResidentMib.toFixed(0),
  ]);
  console.log(formatTable(header, rows));
  console.log(`\nkept in ${keepResult('matrix', { runs })}`);
}

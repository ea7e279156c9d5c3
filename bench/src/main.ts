/** `npm run bench -- CASE [options]`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { benchAnalysis } from './analysis.ts';
import type { AnalysisBenchOptions } from './analysis.ts';
import { benchDecode } from './decode/decode.ts';
import type { DecodeOptions } from './decode/decode.ts';
import { benchMatrix } from './ingest-matrix.ts';
import { benchIngest } from './ingest.ts';
import type { IngestOptions } from './ingest.ts';
import { PROTOCOLS } from './load/connection.ts';
import type { Protocol } from './load/connection.ts';
import { benchQuery } from './query.ts';
import type { QueryOptions } from './query.ts';
import { reportIngest } from './report-ingest.ts';
import { benchRollup } from './rollup.ts';
import type { RollupOptions } from './rollup.ts';
import { benchSdk } from './sdk/sdk.ts';
import type { SdkOptions } from './sdk/sdk.ts';
import { benchWeb } from './web/web.ts';
import type { WebOptions } from './web/web.ts';

const program = new Command('bench').description('Measurements of Clew; see bench/README.md.');

program
  .command('ingest')
  .description(
    'a server takes realistic spans as fast as it can; everything it acknowledged is looked for',
  )
  .addOption(
    new Option(
      '--protocol <name>',
      'OTLP over HTTP or gRPC, Jaeger thrift over HTTP, Zipkin JSON; http when absent',
    ).choices(PROTOCOLS),
  )
  .option('--connections <count>', 'each with one request in flight', parseCount, 4)
  .option('--spans <count>', 'in each request', parseCount, 2000)
  .option('--seconds <seconds>', 'how long to send', parseCount, 20)
  .option('--rate <spans>', 'spans a second; as many as are taken when absent', parseCount)
  .option('--no-merge-fully', 'do not merge and weigh the store in the end')
  .option('--matrix', 'few and many connections, small and large requests, each protocol', false)
  .action(runIngest);

program
  .command('sdk')
  .description("what a span costs the application, beside OpenTelemetry's SDK")
  .option('--spans <count>', 'of each measurement', parseCount, 300_000)
  .option('--repeat <count>', 'measurements of each, of which the median counts', parseCount, 3)
  .option('--only <text>', 'only measurements whose names contain it')
  .action((options: SdkOptions) => benchSdk(options));

program
  .command('web')
  .description(
    'the screen in a browser: opening, moving in and searching traces of up to a million spans',
  )
  .option('--only <text>', 'only traces whose names contain it')
  .action((options: WebOptions) => benchWeb(options));

program
  .command('decode')
  .description('requests from bytes into the columns of a block, alone and warm')
  .option('--spans <count>', 'in each request', parseCount, 2000)
  .option('--seconds <seconds>', 'how long to decode each', parseCount, 3)
  .action((options: DecodeOptions) => benchDecode(options));

program
  .command('query')
  .description(
    'how long whole answers of a server with millions of spans of a day take, warm and cold',
  )
  .option('--spans <count>', 'to fill the store with', parseCount, 2_000_000)
  .option('--repeat <count>', 'questions of each kind', parseCount, 100)
  .option('--ingest <spans>', 'a second, sent meanwhile', parseCount)
  .option(
    '--store <directory>',
    'where the store is kept for later runs; a temporary one when absent',
  )
  .option('--fresh', 'fill it anew', false)
  .option('--only <text>', 'only kinds of questions whose names contain it')
  .action((options: QueryOptions) => benchQuery(options));

program
  .command('rollup')
  .description('what the store does with decoded blocks before the engine has them, alone and warm')
  .option('--spans <count>', 'in each request', parseCount, 2000)
  .option('--seconds <seconds>', 'how long', parseCount, 5)
  .action((options: RollupOptions) => benchRollup(options));

program
  .command('analysis')
  .description('what a trace hangs on and what is to be found in it, from its columns')
  .option('--repeat <count>', 'of each trace, of which the median counts', parseCount, 7)
  .action((options: AnalysisBenchOptions) => benchAnalysis(options));

type IngestFlags = Omit<IngestOptions, 'protocol'> & {
  readonly protocol?: Protocol;
  readonly matrix: boolean;
};

async function runIngest({ matrix, ...flags }: IngestFlags): Promise<void> {
  if (matrix) {
    const protocols = flags.protocol === undefined ? PROTOCOLS : [flags.protocol];
    await benchMatrix({ protocols, seconds: flags.seconds });
    return;
  }
  reportIngest(await benchIngest({ protocol: 'http', ...flags }));
}

const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1000, m: 1_000_000 };

/** `10m` is ten million. */
function parseCount(text: string): number {
  const [, digits = '', multiple = ''] = /^(\d+)([km]?)$/i.exec(text) ?? [];
  const count = Number(digits) * (MULTIPLES[multiple.toLowerCase()] ?? 1);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('expected a whole number above 0');
}

await program.parseAsync();

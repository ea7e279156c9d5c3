/** `npm run bench -- CASE [options]`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { benchDecode } from './decode.ts';
import type { DecodeOptions } from './decode.ts';
import { benchIngest } from './ingest.ts';
import type { IngestOptions } from './ingest.ts';

const program = new Command('bench').description('Measurements of Clew; see bench/README.md.');

program
  .command('ingest')
  .description(
    'a server takes realistic spans as fast as it can; everything it acknowledged is looked for',
  )
  .addOption(
    new Option('--protocol <name>', 'how spans are sent').choices(['http', 'grpc']).default('http'),
  )
  .option('--connections <count>', 'each with one request in flight', parseCount, 4)
  .option('--spans-per-request <count>', 'as collectors batch them', parseCount, 2000)
  .option('--seconds <seconds>', 'how long to send', parseCount, 20)
  .option('--rate <spans>', 'spans a second; as many as are taken when absent', parseCount)
  .action((options: IngestOptions) => benchIngest(options));

program
  .command('decode')
  .description('OTLP from bytes into the columns of a block, alone and warm')
  .option('--spans-per-request <count>', 'as collectors batch them', parseCount, 2000)
  .option('--seconds <seconds>', 'how long to decode', parseCount, 5)
  .action((options: DecodeOptions) => benchDecode(options));

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('expected a whole number above 0');
}

await program.parseAsync();

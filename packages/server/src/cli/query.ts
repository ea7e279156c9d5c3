import { ApiError, SEARCH_ORDERS, createClient } from '@clew/api';
import type { SearchOrder, TraceSummaryJson } from '@clew/api';
import { systemClock } from '@clew/model';
import { formatDuration } from '@clew/traceql';
import { Argument, Command, Option } from 'commander';
import { parseCount, parseMoment } from './arguments.ts';
import { CommandError } from './command-error.ts';
import { addConnectionOptions, connectToExisting, explainApiError } from './connection.ts';
import type { Connection, ConnectionFlags } from './connection.ts';
import { formatTable } from './query/format-table.ts';

interface QueryFlags extends ConnectionFlags {
  readonly start?: string;
  readonly end?: string;
  readonly limit: number;
  readonly order?: SearchOrder;
  readonly format: 'table' | 'json';
}

/** `clew query`: finds traces with TraceQL. */
export function createQueryCommand(): Command {
  const command = new Command('query')
    .description('find traces with TraceQL')
    .addArgument(new Argument('<traceql>', "a search such as '{ status = error }'"))
    .addOption(momentOption('--start <time>', 'matching spans started at this time or after'))
    .addOption(momentOption('--end <time>', 'matching spans started before this time'))
    .option('--limit <count>', 'at most so many traces', parseCount, 20)
    .addOption(
      new Option('--order <order>', 'which come first; default newest').choices(SEARCH_ORDERS),
    )
    .addOption(
      new Option('--format <format>', 'a table to read, or JSON as the API answers')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addHelpText('after', HELP_TAIL);
  return addConnectionOptions(command).action((text: string, flags: QueryFlags) =>
    query(text, flags),
  );
}

const HELP_TAIL = `
A time is a date and time such as 2026-11-22T08:30:00Z, or how long ago it was, such as 15m, 2h or 7d.

Examples:
  clew query '{ resource.service.name = "order-service" && duration > 250ms }' --start 1h
  clew query '{ kind = server } >> { status = error }' --order mostErrors
  clew query '{ span.user.id = 42 }' --format json | jq -r '.traces[].traceId'`;

function momentOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => parseMoment(text, systemClock.nowMs()));
}

/** The most that one answer holds. */
const PAGE_SIZE = 1000;

async function query(text: string, flags: QueryFlags): Promise<void> {
  const connection = await connectToExisting(flags);
  try {
    const traces = await findTraces(connection, text, flags);
    const shown = flags.format === 'json' ? JSON.stringify({ traces }) : showTraces(traces);
    process.stdout.write(`${shown}\n`);
  } catch (error) {
    throw error instanceof ApiError ? explain(error, text, connection) : error;
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

async function findTraces(
  { baseUrl }: Connection,
  text: string,
  { start, end, order, limit }: QueryFlags,
): Promise<readonly TraceSummaryJson[]> {
  const client = createClient(baseUrl);
  const traces: TraceSummaryJson[] = [];
  let cursor: string | undefined;
  do {
    const size = String(Math.min(limit - traces.length, PAGE_SIZE));
    const page = await client.searchTraces({ q: text, start, end, order, limit: size, cursor });
    traces.push(...page.traces);
    cursor = page.nextCursor;
  } while (cursor !== undefined && traces.length < limit);
  return traces;
}

const COLUMNS = [
  { title: 'TRACE' },
  { title: 'START' },
  { title: 'DURATION', align: 'right' },
  { title: 'SPANS', align: 'right' },
  { title: 'ERRORS', align: 'right' },
  { title: 'ROOT' },
] as const;

function showTraces(traces: readonly TraceSummaryJson[]): string {
  if (traces.length === 0) return 'no traces';
  return formatTable(
    COLUMNS,
    traces.map((trace) => [
      trace.traceId,
      new Date(Number(BigInt(trace.startUnixNano) / 1_000_000n)).toISOString(),
      formatDuration(roundDuration(BigInt(trace.durationNano))),
      String(trace.spanCount),
      String(trace.errorCount),
      trace.rootSpanName === '' ? '' : `${trace.rootService}: ${trace.rootSpanName}`,
    ]),
  );
}

/** To three digits or a little more, as nobody compares nanoseconds of a second. */
function roundDuration(nanos: bigint): bigint {
  const step = 10n ** BigInt(Math.max(0, nanos.toString().length - 4));
  return ((nanos + step / 2n) / step) * step;
}

/** Points at the place in the query. */
function explain(error: ApiError, text: string, connection: Connection): CommandError {
  const { position } = error;
  if (position === undefined) return explainApiError(error, connection);
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  const marker = `${' '.repeat(position - lineStart)}^`;
  return new CommandError(`${error.message}\n  ${line}\n  ${marker}`, { cause: error });
}

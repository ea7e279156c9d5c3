import { ApiError, SEARCH_ORDERS, createClient } from '@clew/api';
import type {
  LabelJson,
  MetricsInstantResponse,
  MetricsRangeResponse,
  SearchOrder,
  TraceSummaryJson,
} from '@clew/api';
import { systemClock } from '@clew/model';
import { formatDuration, parseQuery } from '@clew/traceql';
import { Argument, Command, Option } from 'commander';
import { parseCount, parseMoment } from './arguments.ts';
import { CommandError } from './command-error.ts';
import { addConnectionOptions, connectToExisting, explainApiError } from './connection.ts';
import type { Connection, ConnectionFlags } from './connection.ts';
import { formatComparison, isComparison } from './query/format-comparison.ts';
import { formatTable } from './query/format-table.ts';
import { writeOutput } from './write-output.ts';

interface QueryFlags extends ConnectionFlags {
  readonly start?: string;
  readonly end?: string;
  readonly limit?: number;
  readonly order?: SearchOrder;
  readonly step?: string;
  readonly format: 'table' | 'json' | 'lines';
}

/** `clew query`: finds traces with TraceQL, or computes series. */
export function createQueryCommand(): Command {
  const command = new Command('query')
    .description('find traces with TraceQL, or compute metrics of their spans')
    .addArgument(
      new Argument('<traceql>', "such as '{ status = error }' or '{ status = error } | rate()'"),
    )
    .addOption(momentOption('--start <time>', 'matching spans started at this time or after'))
    .addOption(momentOption('--end <time>', 'matching spans started before this time'))
    .option(
      '--limit <count>',
      `at most so many traces; default ${SHOWN_COUNT}, with --format lines all`,
      parseCount,
    )
    .addOption(
      new Option('--order <order>', 'which traces come first; default newest').choices(
        SEARCH_ORDERS,
      ),
    )
    .option('--step <duration>', 'metrics by intervals of this length, such as 1m; else one number')
    .addOption(
      new Option(
        '--format <format>',
        'a table to read, JSON as the API answers, or lines: a trace a line in JSON, as they are found',
      )
        .choices(['table', 'json', 'lines'])
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
  clew query '{ } | quantile_over_time(duration, 0.95) by(resource.service.name)' --start 1h
  clew query '{ status = error } | rate()' --start 1h --step 5m
  clew query '{ kind = server } | compare({ status = error })' --start 1h
  clew query '{ span.user.id = 42 }' --format json | jq -r '.traces[].traceId'
  clew query '{ status = error }' --start 1d --format lines | jq -r .rootService | sort | uniq -c`;

function momentOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => parseMoment(text, systemClock.nowMs()));
}

/** Where nothing else is asked for. */
const SHOWN_COUNT = 20;
/** The most that one answer holds. */
const PAGE_SIZE = 1000;

async function query(text: string, flags: QueryFlags): Promise<void> {
  const connection = await connectToExisting(flags);
  try {
    if (flags.format === 'lines')
      await writeOutput(streamLines(connection, text, flags), undefined);
    else {
      const ask = isMetrics(text) ? askForSeries : askForTraces;
      process.stdout.write(`${await ask(connection, text, flags)}\n`);
    }
  } catch (error) {
    throw error instanceof ApiError ? explain(error, text, connection) : error;
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

/** What cannot be read is left to the server to refuse. */
function isMetrics(text: string): boolean {
  try {
    return parseQuery(text).kind === 'metrics';
  } catch {
    return false;
  }
}

async function askForTraces(
  connection: Connection,
  text: string,
  flags: QueryFlags,
): Promise<string> {
  refuseStep(flags);
  const traces = await findTraces(connection, text, flags);
  return flags.format === 'json' ? JSON.stringify({ traces }) : showTraces(traces);
}

/** In constant memory, however many there are. */
async function* streamLines(
  { baseUrl }: Connection,
  q: string,
  flags: QueryFlags,
): AsyncGenerator<string> {
  refuseStep(flags);
  if (isMetrics(q))
    throw new CommandError('--format lines is for traces: metrics have table and json');
  const { start, end, order, limit } = flags;
  const query = { q, start, end, order, limit: limit === undefined ? undefined : String(limit) };
  const traces = createClient(baseUrl).streamFoundTraces(query);
  for await (const trace of traces) yield `${JSON.stringify(trace)}\n`;
}

function refuseStep({ step }: QueryFlags): void {
  if (step !== undefined) throw new CommandError('--step is for metrics such as "| rate()"');
}

/** By intervals where a step is given, and of the whole time otherwise. */
async function askForSeries(
  { baseUrl }: Connection,
  q: string,
  { start, end, step, format }: QueryFlags,
): Promise<string> {
  const client = createClient(baseUrl);
  if (step === undefined) {
    const answer = await client.readMetrics({ q, start, end });
    return format === 'json' ? JSON.stringify(answer) : showNumbers(answer);
  }
  const answer = await client.readMetricsRange({ q, start, end, step });
  return format === 'json' ? JSON.stringify(answer) : showSeries(answer);
}

async function findTraces(
  { baseUrl }: Connection,
  text: string,
  { start, end, order, limit = SHOWN_COUNT }: QueryFlags,
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
      showTime(BigInt(trace.startUnixNano)),
      formatDuration(roundDuration(BigInt(trace.durationNano))),
      String(trace.spanCount),
      String(trace.errorCount),
      trace.rootSpanName === '' ? '' : `${trace.rootService}: ${trace.rootSpanName}`,
    ]),
  );
}

function showNumbers(answer: MetricsInstantResponse): string {
  const { series } = answer;
  if (series.length === 0) return 'no series';
  if (isComparison(answer)) return formatComparison(answer);
  const columns = [{ title: 'SERIES' }, { title: 'VALUE', align: 'right' }] as const;
  return formatTable(
    columns,
    series.map(({ labels, value }) => [showLabels(labels), showNumber(value)]),
  );
}

function showSeries({ startUnixNano, stepNano, series }: MetricsRangeResponse): string {
  if (series.length === 0) return 'no series';
  const columns = [
    { title: 'SERIES' },
    { title: 'TIME' },
    { title: 'VALUE', align: 'right' },
  ] as const;
  const timeOf = (bin: number): string =>
    showTime(BigInt(startUnixNano) + BigInt(stepNano) * BigInt(bin));
  return formatTable(
    columns,
    series.flatMap(({ labels, values }) =>
      values.flatMap((value, bin) =>
        value === null ? [] : [[showLabels(labels), timeOf(bin), showNumber(value)]],
      ),
    ),
  );
}

function showLabels(labels: readonly LabelJson[]): string {
  if (labels.length === 0) return '{}';
  const texts = labels.map(({ name, value }) => {
    if (value.type === 'empty') return `${name}=nil`;
    return `${name}=${'value' in value ? JSON.stringify(value.value) : ''}`;
  });
  return `{${texts.join(', ')}}`;
}

function showNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function showTime(unixNano: bigint): string {
  return new Date(Number(unixNano / 1_000_000n)).toISOString();
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

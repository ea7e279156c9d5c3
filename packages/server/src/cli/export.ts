import { ApiError, createClient } from '@clew/api';
import { systemClock } from '@clew/model';
import type { TraceId } from '@clew/model';
import { Argument, Command, Option } from 'commander';
import { collectTraceId, parseCount, parseMoment } from './arguments.ts';
import { CommandError } from './command-error.ts';
import { addConnectionOptions, connectToExisting, explainApiError } from './connection.ts';
import type { ConnectionFlags } from './connection.ts';
import { EXPORT_FORMATS, encodeTraces } from './export/encode-traces.ts';
import type { ExportFormat } from './export/encode-traces.ts';
import { findTraceIds, readTraces } from './export/read-traces.ts';
import type { TracePart } from './export/read-traces.ts';
import { startProgress } from './progress.ts';
import { writeOutput } from './write-output.ts';

interface ExportFlags extends ConnectionFlags {
  readonly service?: string;
  readonly spanName?: string;
  readonly start?: string;
  readonly end?: string;
  readonly limit?: number;
  readonly format: ExportFormat;
  readonly output?: string;
}

/** `clew export`: writes traces to a file or to standard output. */
export function createExportCommand(): Command {
  const command = new Command('export')
    .description('write traces to a file or to standard output')
    .addArgument(
      new Argument(
        '[trace-id...]',
        'traces to write; without any, all that meet the options',
      ).argParser(collectTraceId),
    )
    .option('--service <name>', 'traces with a span of this service')
    .option(
      '--span-name <name>',
      'traces with a span of this name (of the service, if both are given)',
    )
    .addOption(
      momentOption('--start <time>', 'traces with such a span that started at this time or after'),
    )
    .addOption(
      momentOption('--end <time>', 'traces with such a span that started before this time'),
    )
    .option('--limit <count>', 'at most so many traces, the newest', parseCount)
    .addOption(
      new Option('--format <format>', 'otlp-json: a document, otlp-jsonl: a trace a line')
        .choices(EXPORT_FORMATS)
        .default('otlp-jsonl'),
    )
    .option(
      '--output <file>',
      'where to write; compressed if it ends with .gz; default standard output',
    )
    .addHelpText('after', HELP_TAIL);
  return addConnectionOptions(command).action((traceIds: readonly TraceId[], flags: ExportFlags) =>
    exportTraces(traceIds, flags),
  );
}

const HELP_TAIL = `
A time is a date and time such as 2026-11-22T08:30:00Z, or how long ago it was, such as 15m, 2h or 7d. Traces are written
whole, all that was sent with them, so that clew import on another server restores them.

Examples:
  clew export 5b8efff798038103d269b633813fc60c
  clew export --service order-service --start 2h --output orders.jsonl.gz
  clew export --format otlp-proto | ssh backup 'cat > traces.binpb'
  clew export --url http://old:16686 | clew import --url http://new:16686 -

Exits with 1 when a trace was not found.`;

function momentOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => parseMoment(text, systemClock.nowMs()));
}

async function exportTraces(
  given: readonly TraceId[] | undefined,
  flags: ExportFlags,
): Promise<void> {
  const traceIds = given ?? [];
  checkFlags(traceIds, flags);
  const connection = await connectToExisting(flags);
  const progress = startProgress('export', traceIds.length === 0 ? undefined : traceIds.length);
  const counts = { traces: 0, spans: 0, missing: 0 };
  try {
    const client = createClient(connection.baseUrl);
    const { service, spanName, start, end, limit = Number.MAX_SAFE_INTEGER } = flags;
    const ids =
      traceIds.length > 0
        ? traceIds
        : findTraceIds(client, { service, spanName, start, end }, limit);
    const onMissing = (traceId: string): void => {
      counts.missing++;
      process.stderr.write(`clew: trace not found: ${traceId}\n`);
    };
    const parts = count(readTraces(client, ids, onMissing), counts, () =>
      progress.update(counts.traces, formatCounts(counts)),
    );
    await writeOutput(encodeTraces(parts, flags.format), flags.output);
  } catch (error) {
    throw error instanceof ApiError ? explainApiError(error, connection) : explainWriteError(error);
  } finally {
    progress.stop();
    await connection[Symbol.asyncDispose]();
  }
  process.stderr.write(`${formatCounts(counts)} exported\n`);
  // Traces that were searched for and have gone since are no failure.
  if (counts.missing > 0 && traceIds.length > 0)
    throw new CommandError(`${counts.missing} of ${traceIds.length} traces were not found`);
}

function checkFlags(traceIds: readonly TraceId[], flags: ExportFlags): void {
  const filters = ['service', 'spanName', 'start', 'end', 'limit'] as const;
  if (traceIds.length > 0 && filters.some((name) => flags[name] !== undefined))
    throw new CommandError('trace ids and the options that search exclude each other');
  if (flags.format === 'otlp-proto' && flags.output === undefined && process.stdout.isTTY)
    throw new CommandError('otlp-proto is not for a terminal: name a file with --output');
}

async function* count(
  parts: AsyncIterable<TracePart>,
  counts: { traces: number; spans: number },
  onCounted: () => void,
): AsyncGenerator<TracePart> {
  let last: TraceId | undefined;
  for await (const part of parts) {
    if (part.traceId !== last) counts.traces++;
    counts.spans += part.spans.length;
    last = part.traceId;
    onCounted();
    yield part;
  }
}

function formatCounts({
  traces,
  spans,
}: {
  readonly traces: number;
  readonly spans: number;
}): string {
  return `${traces} ${traces === 1 ? 'trace' : 'traces'}, ${spans} ${spans === 1 ? 'span' : 'spans'}`;
}

/** The system's errors name the file; anything else is a bug. */
function explainWriteError(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  return new CommandError(`cannot write: ${cause.message}`, { cause });
}

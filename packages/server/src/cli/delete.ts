import { createInterface } from 'node:readline/promises';
import { ApiError, createClient } from '@clew/api';
import type { TraceId } from '@clew/model';
import { Argument, Command } from 'commander';
import { collectTraceId } from './arguments.ts';
import { CommandError } from './command-error.ts';
import { addConnectionOptions, connectToExisting, explainApiError } from './connection.ts';
import type { Connection, ConnectionFlags } from './connection.ts';

interface DeleteFlags extends ConnectionFlags {
  readonly yes?: boolean;
}

/** `clew delete`: removes traces for good. */
export function createDeleteCommand(): Command {
  const command = new Command('delete')
    .description('remove traces for good')
    .addArgument(new Argument('<trace-id...>', 'traces to remove').argParser(collectTraceId))
    .option('-y, --yes', 'do not ask, also not on a terminal')
    .addHelpText('after', HELP_TAIL);
  return addConnectionOptions(command).action((traceIds: readonly TraceId[], flags: DeleteFlags) =>
    deleteTraces(traceIds, flags),
  );
}

const HELP_TAIL = `
Examples:
  clew delete 5b8efff798038103d269b633813fc60c
  clew delete --yes --url http://clew.example:16686 5b8efff798038103d269b633813fc60c abc123

Exits with 1 when a trace was not found; the others are removed all the same.`;

async function deleteTraces(traceIds: readonly TraceId[], flags: DeleteFlags): Promise<void> {
  if (flags.yes !== true && !(await confirm(traceIds.length, flags)))
    throw new CommandError('nothing was removed');
  const connection = await connectToExisting(flags);
  let missingCount = 0;
  try {
    for (const traceId of traceIds) {
      if (await deleteTrace(traceId, connection)) process.stdout.write(`${traceId}: removed\n`);
      else {
        missingCount++;
        process.stderr.write(`clew: trace not found: ${traceId}\n`);
      }
    }
  } finally {
    await connection[Symbol.asyncDispose]();
  }
  if (missingCount > 0)
    throw new CommandError(`${missingCount} of ${traceIds.length} traces were not found`);
}

/** A script that pipes into us has made up its mind. */
async function confirm(traceCount: number, { dataDir }: DeleteFlags): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const traces = traceCount === 1 ? 'this trace' : `these ${traceCount} traces`;
    const place = dataDir === undefined ? '' : ` from ${dataDir}`;
    const answer = await prompt.question(`Remove ${traces}${place} for good? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

/** Whether there was such a trace. */
async function deleteTrace(traceId: TraceId, connection: Connection): Promise<boolean> {
  try {
    await createClient(connection.baseUrl).deleteTrace(traceId);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'not_found') return false;
    throw explainApiError(error, connection);
  }
}

import { TraceError } from '@clew/model';
import { Command, CommanderError } from 'commander';
import { createDeleteCommand } from './delete.ts';
import { createExportCommand } from './export.ts';
import { createImportCommand } from './import.ts';
import { createQueryCommand } from './query.ts';
import { createServeCommand } from './serve.ts';
import { createVersionCommand } from './version.ts';

/** What a shell gets for a command line that cannot be understood, as opposed to one that could not be carried out. */
const USAGE_ERROR = 2;

/** Runs the command that `argv` names (as `process.argv` has it); resolves with the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const program = new Command('clew')
    .description('A distributed-tracing system: receives spans, keeps them, shows traces.')
    .addCommand(createServeCommand())
    .addCommand(createQueryCommand())
    .addCommand(createImportCommand())
    .addCommand(createExportCommand())
    .addCommand(createDeleteCommand())
    .addCommand(createVersionCommand());
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    // Commander has already written its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
    process.stderr.write(`clew: ${describeError(error)}\n`);
    return 1;
  }
}

/** A `TraceError` explains itself; of anything else only the stack helps. */
function describeError(error: unknown): string {
  if (error instanceof TraceError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

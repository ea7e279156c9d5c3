import { vi } from 'vitest';
import { runCommandLine } from '../command-line.ts';

/** What a shell would have got of a command. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `clew` with its arguments in this process, which spares Node's start and the loading of all sources. One at a time: it
 * listens to the process's own output. `serve` wants a process, which is `ClewCommand`.
 */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  const stdout = captureOutput(process.stdout);
  const stderr = captureOutput(process.stderr);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    const exitCode = await runCommandLine([process.execPath, 'clew', ...args]);
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    vi.unstubAllEnvs();
    stdout.release();
    stderr.release();
  }
}

function captureOutput(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const chunks: Buffer[] = [];
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    chunks.push(Buffer.from(chunk));
    return true;
  });
  return { text: () => Buffer.concat(chunks).toString(), release: () => spy.mockRestore() };
}

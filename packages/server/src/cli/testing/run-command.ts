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
  const listenersBefore = listenersOf(stream);
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    chunks.push(Buffer.from(chunk));
    return true;
  });
  const release = (): void => {
    spy.mockRestore();
    // What a pipeline leaves on a stream that it must not end would end with the process.
    for (const [event, listeners] of listenersOf(stream)) {
      const before = listenersBefore.get(event) ?? [];
      for (const listener of listeners) {
        if (!before.includes(listener)) stream.off(event, listener);
      }
    }
  };
  return { text: () => Buffer.concat(chunks).toString(), release };
}

type Listener = (...values: unknown[]) => void;

function listenersOf(stream: NodeJS.WriteStream): Map<string | symbol, readonly Listener[]> {
  return new Map(
    stream.eventNames().map((event) => [event, stream.listeners(event) as Listener[]]),
  );
}

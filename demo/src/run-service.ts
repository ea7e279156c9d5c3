import { pathToFileURL } from 'node:url';

/** Something that runs until it is stopped. */
export interface Stoppable {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether a module is the program that Node was asked to run, rather than something that was imported. */
export function isProgram(moduleUrl: string): boolean {
  const program = process.argv[1];
  return program !== undefined && pathToFileURL(program).href === moduleUrl;
}

/**
 * Runs a service as this process: prints one line when it is ready, stops it on SIGTERM or SIGINT, and when the process
 * that started it is gone.
 */
export async function runService(name: string, start: () => Promise<Stoppable>): Promise<void> {
  const starting = start();
  // Also while it starts: then it is stopped as soon as there is something to stop.
  const stop = (): void => {
    void starting.then((service) => service.stop()).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop).once('disconnect', stop);
  try {
    console.log(`${name} ready at ${(await starting).url}`);
  } catch (error) {
    console.error(`${name} cannot start: ${describe(error)}`);
    process.exit(1);
  }
}

/** Reads a port from the environment; 0 and nothing pick a free one. */
export function readPort(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`PORT is not a port: "${text}"`);
}

/** Reads what has no default. */
export function readRequired(key: string): string {
  const value = process.env[key];
  if (value === undefined || value === '') throw new Error(`${key} is not set`);
  return value;
}

/** Errors of connections have no message of their own where several addresses were tried. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

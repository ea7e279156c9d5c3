import { stat } from 'node:fs/promises';
import type { ApiError } from '@clew/api';
import { StorageError, shorten, systemClock } from '@clew/model';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { CONFIG_OPTIONS, loadConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { CommandError } from './command-error.ts';
import { readVersion } from './version.ts';

/** Where a command finds the store, as its flags say; one of them at most is given. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly dataDir?: string;
}

/** A server that answers, until it is disposed of. */
export interface Connection extends AsyncDisposable {
  /** With its base path and without a slash at the end. */
  readonly baseUrl: string;
}

/** The environment variable that `--url` falls back to. */
export const URL_VARIABLE = 'CLEW_URL';

const DEFAULT_URL = 'http://localhost:16686';

/** Adds the options of all commands that need a store. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--url <url>',
        `where Clew is served [${URL_VARIABLE}, default ${DEFAULT_URL}]`,
      ).argParser(parseUrl),
    )
    .addOption(
      new Option(
        '--data-dir <directory>',
        'open the store in this directory instead, while no server runs on it',
      ).conflicts('url'),
    );
}

/**
 * Finds the server to talk to; with `dataDir` starts one on that store, for this process alone. That way a command does
 * the same in both cases, and what it sends is as safe.
 */
export async function connect({ url, dataDir }: ConnectionFlags): Promise<Connection> {
  if (dataDir !== undefined) return openStore(dataDir);
  return { baseUrl: url ?? readUrlVariable() ?? DEFAULT_URL, [Symbol.asyncDispose]: nothing };
}

/** The same for commands that read what is there: they do not create a store. */
export async function connectToExisting(flags: ConnectionFlags): Promise<Connection> {
  const { dataDir } = flags;
  if (dataDir !== undefined && !(await isDirectory(dataDir)))
    throw new CommandError(`--data-dir is "${shorten(dataDir)}": there is no such directory`);
  return connect(flags);
}

/** A failure of the API with the address it came from; where nobody answers, with what helps. */
export function explainApiError(cause: ApiError, { baseUrl }: Connection): CommandError {
  const hint = cause.status === 0 ? '; is it running? --url names another address' : '';
  return new CommandError(`${baseUrl}: ${cause.message}${hint}`, { cause });
}

function parseUrl(text: string): string {
  const url = readUrl(text);
  if (url !== undefined) return url;
  throw new InvalidArgumentError('Expected an address such as http://localhost:16686.');
}

function readUrlVariable(): string | undefined {
  const text = process.env[URL_VARIABLE] ?? '';
  if (text === '') return undefined;
  const url = readUrl(text);
  if (url !== undefined) return url;
  throw new CommandError(
    `${URL_VARIABLE} is "${shorten(text)}": expected an address such as ${DEFAULT_URL}`,
  );
}

function readUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

async function openStore(dataDir: string): Promise<Connection> {
  const config = privateConfig(dataDir);
  const log = createLogger({
    format: 'text',
    level: 'warn',
    clock: systemClock,
    write: (line) => process.stderr.write(line),
  });
  // The engine is a large library; a command that talks to a server need not wait for it.
  const { startServer } = await import('./start-server.ts');
  const options = { log, version: readVersion(), uiDirectory: '' };
  const server = await startServer(config, options).catch((cause: unknown) => {
    throw explainLock(cause);
  });
  return {
    baseUrl: `http://127.0.0.1:${server.ports.ui}`,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** One door on a free port, for this process. Nothing is dropped: how long spans are kept is for the server to know. */
function privateConfig(dataDir: string): Config {
  const ports = CONFIG_OPTIONS.map(({ flag }) => flag.slice('--'.length))
    .filter((name) => name.endsWith('-port'))
    .map((name) => [name, name === 'http-port' ? '0' : 'off']);
  const flags = {
    ...(Object.fromEntries(ports) as Record<string, string>),
    'data-dir': dataDir,
    retention: '5200w',
  };
  return loadConfig({ flags, environment: {}, readFile: () => '' });
}

function explainLock(cause: unknown): unknown {
  if (!(cause instanceof StorageError) || cause.code !== 'failed_precondition') return cause;
  return new CommandError(
    `${cause.message}: while a server runs, name it with --url instead of --data-dir`,
    { cause },
  );
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

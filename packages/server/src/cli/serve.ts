import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { systemClock } from '@clew/model';
import { Command, Option } from 'commander';
import { CONFIG_OPTIONS, loadConfig } from '../config.ts';
import type { ConfigOption } from '../config.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import type { Logger } from '../telemetry/log.ts';
import { formatReadyLine } from './ready-line.ts';
import { findUnknownVariables } from './unknown-variables.ts';
import { readVersion } from './version.ts';

/** The UI as `npm run build -w @clew/web` leaves it, seen from `src/cli` and `dist/cli` alike. */
const UI_DIRECTORY = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** `clew serve`: receives, keeps and shows spans until it is told to stop. */
export function createServeCommand(): Command {
  const command = new Command('serve')
    .description('receive, keep and show spans')
    .addHelpText('after', HELP_TAIL)
    .action(() => serve(readFlags(command)));
  for (const option of CONFIG_OPTIONS) command.addOption(toOption(option));
  return command;
}

const HELP_TAIL = `
Each option can also be an environment variable, named in brackets, or a line of the YAML file that --config names,
such as "http-port: 16686". A flag wins over a variable, a variable over the file.`;

function toOption({ flag, placeholder, environmentVariable, ...option }: ConfigOption): Option {
  const { description, defaultText } = option;
  const defaults = defaultText === '' ? '' : `, default ${defaultText}`;
  return new Option(
    `${flag} <${placeholder}>`,
    `${description} [${environmentVariable}${defaults}]`,
  );
}

function readFlags(command: Command): Readonly<Record<string, string | undefined>> {
  const values: Readonly<Record<string, unknown>> = command.opts();
  return Object.fromEntries(
    command.options.map((option) => [
      option.long?.slice('--'.length) ?? '',
      values[option.attributeName()] as string | undefined,
    ]),
  );
}

async function serve(flags: Readonly<Record<string, string | undefined>>): Promise<void> {
  tuneGarbageCollector();
  const config = loadConfig({
    flags,
    environment: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  const log = createLogger({
    format: config.logFormat,
    level: config.logLevel,
    clock: systemClock,
    write: (line) => process.stderr.write(line),
  });
  keepRunning(log);
  for (const { name, closest } of findUnknownVariables(process.env))
    log.warn('an environment variable means nothing', { name, closest });
  const stopSignal = waitForSignal();
  // The engine is a large library; `clew --help` need not wait for it.
  const { startServer } = await import('./start-server.ts');
  const version = readVersion();
  const starting = startServer(config, { log, version, uiDirectory: UI_DIRECTORY });
  const server = await Promise.race([starting, stopSignal]);
  if (typeof server === 'string') return leaveEarly(server, log);
  process.stdout.write(`${formatReadyLine(config.host, config.basePath, server.ports)}\n`);
  const signal = await stopSignal;
  log.info('draining', { signal });
  await server.stop();
  log.info('stopped');
}

/**
 * Requests pass through memory outside of the JavaScript heap, a megabyte and more each, and V8 begins to mark the heap for
 * every 64 MB of that, however small the heap is: six times a second, with all its helper threads. A collection that is not
 * prepared by marking runs seldom and takes some 20 ms. Measured by `bench -- ingest`: a quarter more spans a second,
 * 2.5 µs of CPU a span less.
 */
function tuneGarbageCollector(): void {
  setFlagsFromString('--no-incremental-marking');
}

/** Told to stop before it was ready: nothing was accepted, and whatever was being done is safe to break off. */
function leaveEarly(signal: NodeJS.Signals, log: Logger): never {
  log.info('stopped before it was ready', { signal });
  process.exit(0);
}

/** Resolves at the first signal to stop. The second ends the process at once. */
function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isFirst = true;
    const onSignal = (signal: NodeJS.Signals): void => {
      // 128 and the signal's number, as shells report it.
      if (!isFirst) process.exit(signal === 'SIGINT' ? 130 : 143);
      isFirst = false;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

/** A reader of our output that goes away must not take the server with it; a bug must, but not without a word. */
function keepRunning(log: Logger): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => {
    log.error('a bug ends the process', { error: error.stack ?? error.message });
    process.exit(1);
  });
}

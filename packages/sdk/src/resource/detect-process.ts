import { basename } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import { present } from './present.ts';

/** What Node says of the process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  readonly executablePath: string;
  /** `process.argv`. */
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly owner: string | undefined;
  /** Of Node. */
  readonly version: string;
}

/** The process. Its arguments may hold secrets, so they are told only when they are asked for. */
export function detectProcess(facts: ProcessFacts, commandArgs: boolean): Attributes {
  const [, script] = facts.argv;
  return present({
    'process.pid': facts.pid,
    'process.parent_pid': facts.parentPid,
    'process.executable.name': basename(facts.executablePath),
    'process.executable.path': facts.executablePath,
    'process.command': script,
    'process.command_args': commandArgs
      ? [facts.executablePath, ...facts.execArgv, ...facts.argv.slice(1)]
      : undefined,
    'process.owner': facts.owner,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': facts.version,
    'process.runtime.description': 'Node.js',
  });
}

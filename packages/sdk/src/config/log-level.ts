import { DiagLogLevel } from '@opentelemetry/api';
import { Environment } from './environment.ts';
import type { Variables } from './environment.ts';

const LEVEL_BY_NAME = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

type LevelName = keyof typeof LEVEL_BY_NAME;

/** What `OTEL_LOG_LEVEL` says; `undefined` when it says nothing that is a level. */
export function readLogLevel(variables: Variables): DiagLogLevel | undefined {
  const names = Object.keys(LEVEL_BY_NAME) as LevelName[];
  const name = new Environment(variables).choice('OTEL_LOG_LEVEL', names);
  return name === undefined ? undefined : LEVEL_BY_NAME[name];
}

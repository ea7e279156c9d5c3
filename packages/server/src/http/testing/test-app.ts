import type { Clock } from '@clew/model';
import type { Hono } from 'hono';
import { CannedTraceReader } from '../../query/testing/canned-trace-reader.ts';
import { SpanTails } from '../../query/span-tails.ts';
import { TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { JaegerQueries } from '../jaeger/jaeger-queries.ts';
import { createApp } from '../app.ts';
import type { AppOptions } from '../app.ts';

/** 22 November 2026, 08:30 UTC. */
export const NOW_MS = 1_795_336_200_000;

export interface TestAppOptions extends Partial<AppOptions> {
  readonly maxAssembledSpans?: number;
  readonly maxClockSkewNano?: bigint;
}

export interface TestApp {
  readonly app: Hono;
  readonly reader: CannedTraceReader;
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
  /** What was logged as an error. */
  readonly errors: string[];
}

/** The app on the UI's port, over a store that gives canned answers. */
export function createTestApp({
  maxAssembledSpans,
  maxClockSkewNano = 0n,
  ...given
}: TestAppOptions = {}): TestApp {
  const reader = new CannedTraceReader();
  const errors: string[] = [];
  const ignore = (): void => undefined;
  const log: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (message, fields) => errors.push(`${message} ${JSON.stringify(fields)}`),
  };
  const queries = new TraceQueries({ store: reader, observe: ignore, maxAssembledSpans });
  const clock = { nowMs: () => NOW_MS };
  const app = createApp({
    queries,
    jaeger: new JaegerQueries({ queries, maxClockSkewNano }),
    tails: new SpanTails({ queries, clock, pauseMs: 1 }),
    clock,
    log,
    version: '1.2.3',
    basePath: '',
    ui: undefined,
    allowedHosts: [],
    embedOrigins: [],
    receiveTraces: () => Promise.resolve(),
    isAllowedOrigin: () => false,
    ...given,
  });
  return { app, reader, queries, clock, log, errors };
}

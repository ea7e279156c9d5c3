/**
 * The composition root: builds the parts, connects them, starts them in order and stops them again. The only place that
 * knows all of them.
 */
import { ConfigError, systemClock } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/protocol';
import type { DecodeLimits } from '@clew/protocol';
import type { Config, PortSetting } from '../config.ts';
import { createOriginMatcher } from '../http/allowed-origins.ts';
import { createAppHandler, createAppListener } from '../http/app-listener.ts';
import { createApp } from '../http/app.ts';
import { createHealthApp } from '../http/health.ts';
import type { Readiness } from '../http/health.ts';
import { createJaegerGrpcQueries } from '../http/jaeger/grpc/listener.ts';
import { JaegerQueries } from '../http/jaeger/jaeger-queries.ts';
import { createMetricsApp } from '../http/metrics.ts';
import { OTLP_TRACES_PATH } from '../http/otlp-path.ts';
import { createTempoListener } from '../http/tempo/listener.ts';
import { loadStaticFiles } from '../http/ui/static-files.ts';
import { createZipkinApp } from '../http/zipkin/routes.ts';
import { createSpanPipeline } from '../pipeline/span-pipeline.ts';
import { SpanTails } from '../query/span-tails.ts';
import { TraceQueries } from '../query/trace-queries.ts';
import { ByteBudget } from '../receiver/byte-budget.ts';
import { createJaegerGrpcReceiver } from '../receiver/jaeger-grpc/receiver.ts';
import { createJaegerHttpReceiver } from '../receiver/jaeger-http/receiver.ts';
import { createJaegerUdpReceiver } from '../receiver/jaeger-udp/receiver.ts';
import type { JaegerHttpOptions } from '../receiver/jaeger-http/receiver.ts';
import type { Listener } from '../receiver/listener.ts';
import { createOtlpGrpcReceiver } from '../receiver/otlp-grpc/receiver.ts';
import { createOtlpHttpHandler, createOtlpHttpReceiver } from '../receiver/otlp-http/receiver.ts';
import { createZipkinHttpReceiver } from '../receiver/zipkin-http/receiver.ts';
import { openStore } from '../storage/clickhouse/open-store.ts';
import type { SpanStore } from '../storage/span-store.ts';
import type { Logger } from '../telemetry/log.ts';
import { ServerMetrics } from '../telemetry/metrics.ts';

/** The port of each listener; `undefined` for one that is off. */
export interface ServerPorts {
  readonly ui: number | undefined;
  readonly otlpGrpc: number | undefined;
  readonly otlpHttp: number | undefined;
  readonly jaegerGrpc: number | undefined;
  readonly jaegerHttp: number | undefined;
  readonly jaegerUdpCompact: number | undefined;
  readonly jaegerUdpBinary: number | undefined;
  readonly jaegerQueryGrpc: number | undefined;
  readonly zipkin: number | undefined;
  readonly tempo: number | undefined;
  readonly health: number | undefined;
  readonly metrics: number | undefined;
}

export interface RunningServer {
  readonly ports: ServerPorts;
  /** Takes nothing new, answers what is in flight, stores what was accepted, and lets go of everything. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly log: Logger;
  readonly version: string;
  /** Where the built UI is. */
  readonly uiDirectory: string;
}

/** How long requests in flight may take to finish when the server stops. */
const DRAIN_GRACE_MS = 5000;

/**
 * Starts everything that `config` asks for. Throws `ConfigError` when a port cannot be listened on and `StorageError`
 * when the data directory cannot be used; then nothing is left running.
 */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const server = new ServerParts(config.host, options.log);
  try {
    const ports = await startParts(server, config, options);
    server.readiness = 'ready';
    return { ports, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function startParts(
  server: ServerParts,
  config: Config,
  { log, version, uiDirectory }: ServerOptions,
): Promise<ServerPorts> {
  const metrics = new ServerMetrics(version);
  // Health answers first: replaying a long backlog is life, though not readiness.
  const monitors = await openMonitors(server, config, metrics);
  const store = await openStore({ ...config, clock: systemClock, log });
  server.keepStore(store);
  metrics.watchStore(() => store.stats());

  const queries = new TraceQueries({
    store,
    observe: (kind, outcome, seconds) => metrics.observeQuery(kind, outcome, seconds),
  });
  const isAllowedOrigin = createOriginMatcher(config.corsOrigins);
  const sink = createSpanPipeline({ writer: store, metrics });
  const { maxRequestBytes, maxInFlightBytes, basePath } = config;
  const budget = new ByteBudget(maxInFlightBytes);
  const limits = decodeLimits(config);
  const receiver = { sink, metrics, log, maxRequestBytes, budget, limits };
  const otlpGrpc = await server.openDoor(
    '--otlp-grpc-port',
    config.otlpGrpcPort,
    createOtlpGrpcReceiver(receiver),
  );
  const otlpHttp = await server.openDoor(
    '--otlp-http-port',
    config.otlpHttpPort,
    createOtlpHttpReceiver({ ...receiver, isAllowedOrigin }),
  );
  const jaeger = await openJaegerDoors(server, config, { ...receiver, isAllowedOrigin });
  const zipkin = await server.openDoor(
    '--zipkin-port',
    config.zipkinPort,
    createZipkinHttpReceiver({
      ...receiver,
      isAllowedOrigin,
      answerReads: createAppHandler(createZipkinApp({ queries, clock: systemClock, log, version })),
    }),
  );
  // Pages that may not send do not get past the app.
  const receiveTraces = createOtlpHttpHandler(`${basePath}${OTLP_TRACES_PATH}`, {
    ...receiver,
    budget,
    isAllowedOrigin: () => true,
  });
  const jaegerQueries = createJaegerQueries(queries, config);
  const queryDoors = { queries, jaegerQueries, budget, log, version };
  const queryPorts = await openQueryDoors(server, config, queryDoors);
  const tails = new SpanTails({ queries, clock: systemClock });
  server.keepTails(tails);
  const app = createApp({
    queries,
    jaeger: jaegerQueries,
    tails,
    clock: systemClock,
    log,
    version,
    basePath,
    ui: await loadStaticFiles(uiDirectory, {
      basePath,
      otlpGrpcPort: otlpGrpc,
      otlpHttpPort: otlpHttp,
    }),
    allowedHosts: [config.host.toLowerCase(), ...config.allowedHosts],
    embedOrigins: config.embedOrigins,
    receiveTraces,
    isAllowedOrigin,
  });
  const ui = await server.openDoor('--http-port', config.httpPort, createAppListener(app));
  return {
    ui,
    otlpGrpc,
    otlpHttp,
    ...jaeger,
    ...queryPorts,
    zipkin,
    ...monitors,
  };
}

async function openMonitors(
  server: ServerParts,
  config: Config,
  serverMetrics: ServerMetrics,
): Promise<Pick<ServerPorts, 'health' | 'metrics'>> {
  const health = await server.openMonitor(
    '--health-port',
    config.healthPort,
    createAppListener(createHealthApp(() => server.readiness)),
  );
  const metrics = await server.openMonitor(
    '--metrics-port',
    config.metricsPort,
    createAppListener(createMetricsApp(serverMetrics)),
  );
  return { health, metrics };
}

function createJaegerQueries(
  queries: TraceQueries,
  { jaegerMaxClockSkewMs }: Config,
): JaegerQueries {
  const maxClockSkewNano = BigInt(jaegerMaxClockSkewMs) * 1_000_000n;
  return new JaegerQueries({ queries, maxClockSkewNano });
}

interface QueryDoorParts {
  readonly queries: TraceQueries;
  readonly jaegerQueries: JaegerQueries;
  readonly budget: ByteBudget;
  readonly log: Logger;
  readonly version: string;
}

/** The ports of others' query APIs. */
async function openQueryDoors(
  server: ServerParts,
  config: Config,
  { queries, jaegerQueries, budget, log, version }: QueryDoorParts,
): Promise<Pick<ServerPorts, 'jaegerQueryGrpc' | 'tempo'>> {
  const jaegerQueryGrpc = await server.openDoor(
    '--jaeger-query-grpc-port',
    config.jaegerQueryGrpcPort,
    createJaegerGrpcQueries({ jaeger: jaegerQueries, budget, log }),
  );
  const tempo = await server.openDoor(
    '--tempo-port',
    config.tempoPort,
    createTempoListener({ queries, clock: systemClock, log, version, budget }),
  );
  return { jaegerQueryGrpc, tempo };
}

/** What receivers take of a request. */
function decodeLimits(config: Config): DecodeLimits {
  return {
    ...DEFAULT_DECODE_LIMITS,
    maxSpans: config.maxSpansPerRequest,
    maxAttributes: config.maxAttributes,
    maxValueBytes: config.maxValueBytes,
    maxNameBytes: config.maxNameBytes,
  };
}

type JaegerPorts = Pick<
  ServerPorts,
  'jaegerGrpc' | 'jaegerHttp' | 'jaegerUdpCompact' | 'jaegerUdpBinary'
>;

/** The four ways in that Jaeger's senders know. */
async function openJaegerDoors(
  server: ServerParts,
  config: Config,
  receiver: JaegerHttpOptions,
): Promise<JaegerPorts> {
  return {
    jaegerGrpc: await server.openDoor(
      '--jaeger-grpc-port',
      config.jaegerGrpcPort,
      createJaegerGrpcReceiver(receiver),
    ),
    jaegerHttp: await server.openDoor(
      '--jaeger-http-port',
      config.jaegerHttpPort,
      createJaegerHttpReceiver(receiver),
    ),
    jaegerUdpCompact: await server.openDoor(
      '--jaeger-udp-compact-port',
      config.jaegerUdpCompactPort,
      createJaegerUdpReceiver({ ...receiver, encoding: 'compact' }),
    ),
    jaegerUdpBinary: await server.openDoor(
      '--jaeger-udp-binary-port',
      config.jaegerUdpBinaryPort,
      createJaegerUdpReceiver({ ...receiver, encoding: 'binary' }),
    ),
  };
}

/** What has been started so far, and how to stop it. */
class ServerParts {
  readiness: Readiness = 'starting';
  readonly #host: string;
  readonly #log: Logger;
  /** The listeners that spans and questions come through. */
  readonly #doors: Listener[] = [];
  /** Health and metrics: the last to go, because a drain is when somebody looks. */
  readonly #monitors: Listener[] = [];
  #store: SpanStore | undefined;
  #tails: SpanTails | undefined;

  constructor(host: string, log: Logger) {
    this.#host = host;
    this.#log = log;
  }

  openDoor(option: string, setting: PortSetting, listener: Listener): Promise<number | undefined> {
    return this.#listen(option, setting, listener, this.#doors);
  }

  openMonitor(
    option: string,
    setting: PortSetting,
    listener: Listener,
  ): Promise<number | undefined> {
    return this.#listen(option, setting, listener, this.#monitors);
  }

  keepStore(store: SpanStore): void {
    this.#store = store;
  }

  keepTails(tails: SpanTails): void {
    this.#tails = tails;
  }

  /** Goes on past a part that fails to stop, and fails itself at the end. */
  async stop(): Promise<void> {
    this.readiness = 'draining';
    // They would not end by themselves.
    this.#tails?.[Symbol.dispose]();
    const failures = [
      ...(await this.#closeAll(this.#doors)),
      ...(await this.#attempt(() => this.#closeStore())),
      ...(await this.#closeAll(this.#monitors)),
    ];
    if (failures.length > 0) throw failures[0];
  }

  async #listen(
    option: string,
    setting: PortSetting,
    listener: Listener,
    group: Listener[],
  ): Promise<number | undefined> {
    if (setting === 'off') return undefined;
    const address = { host: this.#host, port: setting };
    try {
      const port = await listener.listen(address);
      group.push(listener);
      return port;
    } catch (cause) {
      throw toConfigError(option, address, cause);
    }
  }

  async #closeAll(listeners: readonly Listener[]): Promise<unknown[]> {
    const closing = listeners.map((listener) =>
      this.#attempt(() => listener.close(DRAIN_GRACE_MS)),
    );
    return (await Promise.all(closing)).flat();
  }

  async #closeStore(): Promise<void> {
    await this.#store?.[Symbol.asyncDispose]();
  }

  async #attempt(stop: () => Promise<void>): Promise<unknown[]> {
    try {
      await stop();
      return [];
    } catch (error) {
      this.#log.error('a part did not stop', { error: String(error) });
      return [error];
    }
  }
}

/** Why a listener did not start, with the option that helps. gRPC hides the system's code inside its message. */
function toConfigError(
  option: string,
  { host, port }: { readonly host: string; readonly port: number },
  cause: unknown,
): ConfigError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const fail = (message: string, key = option): ConfigError =>
    new ConfigError(message, { key, value: key === '--host' ? host : String(port), cause });
  if (reason.includes('EADDRINUSE'))
    return fail(`port ${port} on ${host} is in use: choose another with ${option}, or ${option} 0`);
  if (reason.includes('EACCES'))
    return fail(`port ${port} may not be listened on: choose one above 1023 with ${option}`);
  if (/EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|resolution failed/i.test(reason))
    return fail(`${host} is not an address of this machine: choose another with --host`, '--host');
  return fail(`cannot listen on port ${port} of ${host} (${option}): ${reason}`);
}

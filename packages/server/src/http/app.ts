import { NotFoundError } from '@clew/model';
import type { Clock } from '@clew/model';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { SpanTails } from '../query/span-tails.ts';
import type { TraceQueries } from '../query/trace-queries.ts';
import type { HttpHandler } from '../receiver/http/receiver.ts';
import type { Logger } from '../telemetry/log.ts';
import { createChangeGuard } from './change-guard.ts';
import { createClewRoutes } from './clew/routes.ts';
import { toErrorAnswer } from './error-response.ts';
import type { JaegerQueries } from './jaeger/jaeger-queries.ts';
import { createJaegerRoutes } from './jaeger/routes.ts';
import { createJaegerV3Routes } from './jaeger/v3/routes.ts';
import { jsonResponse } from './json-response.ts';
import { OTLP_TRACES_PATH } from './otlp-path.ts';
import { createOtlpRoute } from './otlp-route.ts';
import { createTempoRoutes } from './tempo/routes.ts';
import { createUiRoutes } from './ui/routes.ts';
import { createPrometheusRoutes } from './prometheus/routes.ts';
import type { StaticFiles } from './ui/static-files.ts';
import { createZipkinRoutes } from './zipkin/routes.ts';

export interface AppOptions {
  readonly queries: TraceQueries;
  readonly jaeger: JaegerQueries;
  readonly tails: SpanTails;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  /** Empty, or with a slash in front and none at the end. */
  readonly basePath: string;
  /** `undefined` when the UI has not been built. */
  readonly ui: StaticFiles | undefined;
  readonly allowedHosts: readonly string[];
  /** Whose pages may embed the UI. */
  readonly embedOrigins: readonly string[];
  /** Takes spans that are sent to `OTLP_TRACES_PATH` below the base path. */
  readonly receiveTraces: HttpHandler;
  /** Whether pages of another origin may send them. */
  readonly isAllowedOrigin: (origin: string) => boolean;
}

/** Everything on the UI's port: the APIs and the UI, below the base path. */
export function createApp(options: AppOptions): Hono {
  const { basePath, log } = options;
  const app = new Hono();
  app.onError((error, context) => answerError(context, error, log));
  app.notFound((context) => answerUnknown(context, basePath, log));
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('x-content-type-options', 'nosniff');
    context.res.headers.set('referrer-policy', 'same-origin');
  });
  const guard = createChangeGuard(options);
  // Before the guard, which lets no foreign page change anything: spans are what some of them may send.
  const { receiveTraces: receive, isAllowedOrigin } = options;
  const otlpPath = `${basePath}${OTLP_TRACES_PATH}`;
  app.route('/', createOtlpRoute(otlpPath, { receive, isAllowedOrigin, guard }));
  // As on Tempo's own port; nothing there changes anything, and nothing in the two after it.
  app.route(`${basePath}/tempo`, createTempoRoutes(options));
  app.route(`${basePath}/prometheus`, createPrometheusRoutes(options));
  app.route(`${basePath}/api/v3`, createJaegerV3Routes(options));
  app.use(`${basePath}/api/clew/*`, guard);
  app.route(`${basePath}/api/clew`, createClewRoutes(options));
  app.all(`${basePath}/api/clew/*`, (context) => context.notFound());
  // It refuses in its own words what the guard does.
  app.route(`${basePath}/api`, createJaegerRoutes({ ...options, guard }));
  app.use(guard);
  app.route(`${basePath}/zipkin`, createZipkinRoutes(options));
  if (basePath !== '') app.get(basePath, (context) => context.redirect(`${basePath}/`, 308));
  app.route(`${basePath}/`, createUiRoutes({ ...options, files: options.ui }));
  return app;
}

function answerError(context: Context, error: unknown, log: Logger): Promise<Response> {
  const { status, body } = toErrorAnswer(error, log);
  return jsonResponse(body, { status, acceptEncoding: context.req.header('accept-encoding') });
}

function answerUnknown(
  context: Context,
  basePath: string,
  log: Logger,
): Response | Promise<Response> {
  const { path } = context.req;
  if (path.startsWith(`${basePath}/`))
    return answerError(context, new NotFoundError('path', path), log);
  return context.text(`not found; Clew is served below ${basePath}/\n`, 404);
}

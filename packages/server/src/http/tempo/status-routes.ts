import type { Hono } from 'hono';
import { textResponse } from './answer.ts';

/**
 * Of Tempo's API. Clients look at it to know what they may ask: Grafana asks for scopes of tags and for streams from 2.2 on.
 */
const TEMPO_VERSION = '3.0.3';

const ENDPOINTS = [
  '/api/echo',
  '/api/metrics/query',
  '/api/metrics/query_range',
  '/api/search',
  '/api/search/tag/{tagName}/values',
  '/api/search/tags',
  '/api/status/buildinfo',
  '/api/traces/{traceID}',
  '/api/v2/search/tag/{tagName}/values',
  '/api/v2/search/tags',
  '/api/v2/traces/{traceID}',
  '/metrics',
  '/ready',
  '/status',
  '/status/endpoints',
  '/status/services',
  '/status/version',
];

/** What tools ask before they ask for traces. `version` is Clew's. */
export function mountStatus(app: Hono, version: string): void {
  const build = `clew, version ${version} (Tempo API ${TEMPO_VERSION})\n`;
  const endpoints = ENDPOINTS.map((path) => `GET ${path}\n`).join('');
  const services = 'query-frontend: Running\n';
  const texts: Readonly<Record<string, string>> = {
    '/ready': 'ready\n',
    '/api/echo': 'echo',
    '/metrics': '# Clew tells its own metrics on a port of its own (--metrics-port, 8888).\n',
    '/status': `${build}${services}${endpoints}`,
    '/status/version': build,
    '/status/services': services,
    '/status/endpoints': endpoints,
  };
  for (const [path, text] of Object.entries(texts)) app.get(path, () => textResponse(text));
  app.get('/api/status/buildinfo', (context) =>
    context.json({
      version: TEMPO_VERSION,
      revision: `clew-${version}`,
      branch: 'clew',
      buildDate: '',
      buildUser: 'clew',
      goVersion: '',
    }),
  );
}

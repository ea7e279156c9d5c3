import type { ServerPorts } from './start-server.ts';

/**
 * The one line on standard output, made for people and for programs alike:
 *
 *     clew ready: ui http://localhost:16686 · otlp grpc 127.0.0.1:4317 · otlp http http://127.0.0.1:4318 · …
 *
 * After `clew ready: ` come the listeners, separated by ` · `; in each the name is everything before the last space and
 * the address what is after it. The names are `ui`, `otlp grpc`, `otlp http`, `jaeger grpc`, `jaeger http`,
 * `jaeger compact udp`, `jaeger binary udp`, `jaeger query grpc`, `zipkin`, `tempo`, `health` and `metrics`; one that is
 * off is left out. Names may be added.
 */
export function formatReadyLine(host: string, basePath: string, ports: ServerPorts): string {
  const address = host.includes(':') ? `[${host}]` : host;
  const listeners: readonly (readonly [string, string, number | undefined, string])[] = [
    ['ui', `http://${isLocal(host) ? 'localhost' : address}`, ports.ui, basePath],
    ['otlp grpc', address, ports.otlpGrpc, ''],
    ['otlp http', `http://${address}`, ports.otlpHttp, ''],
    ['jaeger grpc', address, ports.jaegerGrpc, ''],
    ['jaeger http', `http://${address}`, ports.jaegerHttp, ''],
    ['jaeger compact udp', address, ports.jaegerUdpCompact, ''],
    ['jaeger binary udp', address, ports.jaegerUdpBinary, ''],
    ['jaeger query grpc', address, ports.jaegerQueryGrpc, ''],
    ['zipkin', `http://${address}`, ports.zipkin, ''],
    ['tempo', `http://${address}`, ports.tempo, ''],
    ['health', `http://${address}`, ports.health, ''],
    ['metrics', `http://${address}`, ports.metrics, '/metrics'],
  ];
  const parts = listeners
    .filter(([, , port]) => port !== undefined)
    .map(([name, origin, port, path]) => `${name} ${origin}:${port}${path}`);
  return `clew ready: ${parts.join(' · ')}`;
}

/** The addresses that a browser on this machine reaches by the name people expect. */
function isLocal(host: string): boolean {
  return ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host);
}

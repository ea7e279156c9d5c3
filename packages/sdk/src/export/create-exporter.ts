import { unreachable } from '@clew/model';
import type { ExporterOptions } from './exporter-options.ts';
import { HttpExporter, PROTOBUF_ENCODING } from './http-exporter.ts';
import { LazyExporter } from './lazy-exporter.ts';
import type { SpanExporter } from './span-exporter.ts';

/** The exporter that speaks `options.protocol`. Connects with the first request. */
export function createExporter(options: ExporterOptions): SpanExporter {
  const { protocol, url } = options;
  switch (protocol) {
    case 'http/protobuf':
      return new HttpExporter(options, PROTOBUF_ENCODING);
    case 'http/json':
      return new LazyExporter(`${url.origin}${url.pathname}`, async () => {
        const { JSON_ENCODING } = await import('./json-encoding.ts');
        return new HttpExporter(options, JSON_ENCODING);
      });
    case 'grpc':
      return new LazyExporter(url.origin, async () => {
        const { GrpcExporter } = await import('./grpc-exporter.ts');
        return new GrpcExporter(options);
      });
    default:
      return unreachable(protocol);
  }
}

import { init } from '@clew/sdk';
import type { Clew, InitOptions } from '@clew/sdk';
import type { FaultName } from '../faults.ts';

/** What every service is started with. */
export interface ServiceOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Where the spans go; `OTEL_EXPORTER_OTLP_ENDPOINT`, or http://localhost:4318, when it is not given. */
  readonly otlpEndpoint?: string | undefined;
  /** What goes wrong on purpose. */
  readonly faults: ReadonlySet<FaultName>;
}

/** Starts tracing: all that a service needs, before it serves or asks anything. Which instance it is, the environment says. */
export function startTracing(
  serviceName: string,
  { otlpEndpoint }: Pick<ServiceOptions, 'otlpEndpoint'>,
  { version = '1.4.2', ...options }: InitOptions & { readonly version?: string } = {},
): Clew {
  return init({
    serviceName,
    ...(otlpEndpoint === undefined ? {} : { endpoint: otlpEndpoint }),
    resourceAttributes: { 'service.namespace': 'shop', 'service.version': version },
    ...options,
  });
}

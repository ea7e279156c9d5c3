import { messages } from '../../../messages/messages.ts';
import type { OtlpAddresses } from './otlp-addresses.ts';

const text = messages.search.firstSteps;

/** A way to send a first span. */
export interface Snippet {
  readonly title: string;
  readonly explanation: string;
  readonly code: string;
}

export interface SampleSpan {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
}

/** How to send a first span, each snippet complete as it stands. */
export function firstSpanSnippets(
  { http, grpc }: OtlpAddresses,
  sample: SampleSpan,
): readonly Snippet[] {
  if (http === undefined) return grpc === undefined ? [] : [environment(grpc, 'grpc')];
  return [
    environment(http, 'http/protobuf'),
    {
      title: text.byHand,
      explanation: text.byHandAdvice,
      code: `curl ${http}/v1/traces -H 'content-type: application/json' -d '${spanJson(sample)}'`,
    },
    {
      title: text.node,
      explanation: text.nodeAdvice,
      code: [
        "import { init, withSpan } from '@clew/sdk';",
        '',
        `init({ serviceName: 'my-service', endpoint: '${http}' });`,
        '',
        "await withSpan('first-span', async (span) => {",
        "  span.setAttribute('greeting', 'hello');",
        '});',
      ].join('\n'),
    },
  ];
}

function environment(endpoint: string, protocol: 'grpc' | 'http/protobuf'): Snippet {
  return {
    title: text.otel,
    explanation: text.otelAdvice,
    code: [
      'export OTEL_SERVICE_NAME=my-service',
      `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
      `export OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}`,
    ].join('\n'),
  };
}

function spanJson({ traceId, spanId, startMs }: SampleSpan): string {
  const startUnixNano = `${startMs}000000`;
  const endUnixNano = `${startMs + 250}000000`;
  return `{
  "resourceSpans": [{
    "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "my-service" } }] },
    "scopeSpans": [{ "spans": [{
      "traceId": "${traceId}", "spanId": "${spanId}",
      "name": "first-span", "kind": 1,
      "startTimeUnixNano": "${startUnixNano}", "endTimeUnixNano": "${endUnixNano}"
    }] }]
  }]
}`;
}

import { expect, test } from 'vitest';
import { findUnknownVariables } from './unknown-variables.ts';

test('finds misspelt variables and the name that was meant', () => {
  expect(
    findUnknownVariables({
      CLEW_RETENTON: '30d',
      CLEW_OTLP_GPRC_PORT: '1',
      CLEW_RETENTION: '30d',
      CLEW_CONFIG: 'clew.yaml',
      CLEW_URL: 'http://localhost:16686',
      PATH: '/bin',
    }),
  ).toEqual([
    { name: 'CLEW_RETENTON', closest: 'CLEW_RETENTION' },
    { name: 'CLEW_OTLP_GPRC_PORT', closest: 'CLEW_OTLP_GRPC_PORT' },
  ]);
});

test('knows what Kubernetes sets for a service of this name', () => {
  expect(
    findUnknownVariables({
      CLEW_SERVICE_HOST: '10.0.0.1',
      CLEW_SERVICE_PORT: '4317',
      CLEW_SERVICE_PORT_OTLP: '4317',
      CLEW_PORT: 'tcp://10.0.0.1:4317',
      CLEW_PORT_4317_TCP: 'tcp://10.0.0.1:4317',
      CLEW_PORT_4317_TCP_ADDR: '10.0.0.1',
    }),
  ).toEqual([]);
});

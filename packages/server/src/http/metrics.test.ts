import { expect, test } from 'vitest';
import { ServerMetrics } from '../telemetry/metrics.ts';
import { createMetricsApp } from './metrics.ts';

test('serves the metrics in Prometheus’ text format', async () => {
  const response = await createMetricsApp(new ServerMetrics('1.2.3')).request('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await response.text()).toContain('clew_build_info{version="1.2.3"} 1');
});

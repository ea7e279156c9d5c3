import { expect, test } from 'vitest';
import { ServerMetrics } from './metrics.ts';

test('counts spans and requests by receiver', async () => {
  const metrics = new ServerMetrics('1.2.3');
  metrics.countReceived('otlp_grpc', 10);
  metrics.countRefused('otlp_grpc', 'invalid', 3);
  metrics.countRefused('otlp_grpc', 'overloaded', 0);
  metrics.countStored('otlp_grpc', 7);
  metrics.countRequest('otlp_http', 'too_large');
  const text = await metrics.format();
  expect(text).toContain('clew_receiver_received_spans_total{receiver="otlp_grpc"} 10');
  expect(text).toContain(
    'clew_receiver_refused_spans_total{receiver="otlp_grpc",reason="invalid"} 3',
  );
  expect(text).not.toContain('reason="overloaded"');
  expect(text).toContain('clew_receiver_stored_spans_total{receiver="otlp_grpc"} 7');
  expect(text).toContain(
    'clew_receiver_requests_total{receiver="otlp_http",outcome="too_large"} 1',
  );
  expect(text).toContain('clew_build_info{version="1.2.3"} 1');
  expect(text).toContain('process_resident_memory_bytes');
});

test('reads the store afresh each time', async () => {
  const metrics = new ServerMetrics('1.2.3');
  let storedSpans = 5;
  metrics.watchStore(() => ({
    acceptedSpans: 9,
    storedSpans,
    repeatedSpans: 0,
    backlogSegments: 2,
    backlogBytes: 2048,
    freeBytes: 4096,
    engineReads: 3,
    engineReadSeconds: 0.5,
    quarantinedFiles: 1,
  }));
  expect(await metrics.format()).toContain('clew_store_inserted_spans_total 5');
  storedSpans = 9;
  const text = await metrics.format();
  expect(text).toContain('clew_store_inserted_spans_total 9');
  expect(text).toContain('clew_store_accepted_spans_total 9');
  expect(text).toContain('clew_store_backlog_segments 2');
  expect(text).toContain('clew_store_backlog_bytes 2048');
  expect(text).toContain('clew_store_free_bytes 4096');
  expect(text).toContain('clew_store_quarantined_files_total 1');
});

test('sorts query times into buckets by kind', async () => {
  const metrics = new ServerMetrics('1.2.3');
  metrics.observeQuery('read_trace', 'ok', 0.004);
  expect(await metrics.format()).toContain(
    'clew_query_duration_seconds_bucket{le="0.005",kind="read_trace",outcome="ok"} 1',
  );
});

test('keeps two servers of one process apart', async () => {
  const first = new ServerMetrics('1');
  const second = new ServerMetrics('1');
  first.countStored('otlp_grpc', 1);
  expect(await second.format()).not.toContain('receiver="otlp_grpc"');
});

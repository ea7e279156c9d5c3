/** What OpenTelemetry's SDK does when it sends Clew more than traces, and traces compressed as others compress them. */
import { readFileSync } from 'node:fs';
import { createClient } from '@clew/api';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { beforeAll, expect, test } from 'vitest';
import { ClewProcess } from './clew-process.ts';

let clew: ClewProcess;
/** What the SDK says of its own troubles, which is what a user would see again and again. */
let errors: unknown[];

beforeAll(async () => {
  clew = await ClewProcess.start();
  const keep = (...given: unknown[]): void => void errors.push(given);
  const drop = (): void => undefined;
  diag.setLogger(
    { error: keep, warn: drop, info: drop, debug: drop, verbose: drop },
    DiagLogLevel.ALL,
  );
  return () => clew[Symbol.asyncDispose]();
});

const grpc = () => ({ url: `http://${clew.addresses.otlpGrpc}` });
const http = (path: string) => ({ url: `${clew.addresses.otlpHttp}${path}` });

test.each<[string, () => PushMetricExporter]>([
  ['gRPC', () => new GrpcMetrics(grpc())],
  ['HTTP/protobuf', () => new ProtobufMetrics(http('/v1/metrics'))],
  ['HTTP/JSON', () => new JsonMetrics(http('/v1/metrics'))],
])('metrics over %s cause no errors', async (_, createExporter) => {
  errors = [];
  const reader = new PeriodicExportingMetricReader({
    exporter: createExporter(),
    exportIntervalMillis: 60_000,
  });
  const provider = new MeterProvider({ readers: [reader] });
  const counter = provider.getMeter('shop').createCounter('orders');
  for (let i = 0; i < 3; i++) {
    counter.add(1, { 'order.paid': true });
    await provider.forceFlush();
  }
  await provider.shutdown();
  expect(errors).toEqual([]);
});

test.each<[string, () => LogRecordExporter]>([
  ['gRPC', () => new GrpcLogs(grpc())],
  ['HTTP/protobuf', () => new ProtobufLogs(http('/v1/logs'))],
])('logs over %s cause no errors', async (_, createExporter) => {
  errors = [];
  const provider = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter: createExporter() })],
  });
  const logger = provider.getLogger('shop');
  for (let i = 0; i < 3; i++) {
    logger.emit({ body: `order ${i}` });
    await provider.forceFlush();
  }
  await provider.shutdown();
  expect(errors).toEqual([]);
});

test('they are counted, and each sender is named in the log once', async () => {
  const metrics = await (await fetch(clew.addresses.metrics)).text();
  expect(metrics).toContain('unkept_items_total{receiver="otlp_grpc",signal="metrics"}');
  expect(metrics).toContain('unkept_items_total{receiver="otlp_http",signal="logs"}');
  const lines = clew.log.split('\n').filter((line) => line.includes('what is not kept'));
  expect(lines).toHaveLength(4);
});

test('a request in Zstandard, which no exporter for Node sends, is kept', async () => {
  const body = readFileSync(
    new URL('../../packages/protocol/testdata/zstd/cli-1.5.4/otlp-order.zst', import.meta.url),
  );
  const response = await fetch(http('/v1/traces').url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'zstd' },
    body,
  });
  expect(response.status).toBe(200);
  const services = async () => (await createClient(clew.addresses.ui).listServices()).services;
  while ((await services()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await services()).not.toEqual([]);
});

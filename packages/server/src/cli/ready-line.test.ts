import { expect, test } from 'vitest';
import { formatReadyLine } from './ready-line.ts';
import { parseReadyLine } from './testing/clew-command.ts';

const ports = {
  ui: 1,
  otlpGrpc: 2,
  otlpHttp: 3,
  jaegerGrpc: 7,
  jaegerHttp: 8,
  jaegerUdpCompact: 9,
  jaegerUdpBinary: 10,
  jaegerQueryGrpc: 11,
  zipkin: 6,
  tempo: 12,
  health: 4,
  metrics: 5,
};

test('names every address, the UI’s by the name people type', () => {
  expect(formatReadyLine('127.0.0.1', '/tracing', ports)).toBe(
    'clew ready: ui http://localhost:1/tracing · otlp grpc 127.0.0.1:2 · otlp http http://127.0.0.1:3 · jaeger grpc 127.0.0.1:7 · jaeger http http://127.0.0.1:8 · jaeger compact udp 127.0.0.1:9 · jaeger binary udp 127.0.0.1:10 · jaeger query grpc 127.0.0.1:11 · zipkin http://127.0.0.1:6 · tempo http://127.0.0.1:12 · health http://127.0.0.1:4 · metrics http://127.0.0.1:5/metrics',
  );
});

test('can be taken apart again', () => {
  expect(parseReadyLine(formatReadyLine('clew.example', '', ports))).toEqual({
    ui: 'http://clew.example:1',
    'otlp grpc': 'clew.example:2',
    'otlp http': 'http://clew.example:3',
    'jaeger grpc': 'clew.example:7',
    'jaeger http': 'http://clew.example:8',
    'jaeger compact udp': 'clew.example:9',
    'jaeger binary udp': 'clew.example:10',
    'jaeger query grpc': 'clew.example:11',
    zipkin: 'http://clew.example:6',
    tempo: 'http://clew.example:12',
    health: 'http://clew.example:4',
    metrics: 'http://clew.example:5/metrics',
  });
});

test('leaves out what is off and brackets IPv6', () => {
  const none = {
    otlpHttp: undefined,
    jaegerGrpc: undefined,
    jaegerHttp: undefined,
    jaegerUdpCompact: undefined,
    jaegerUdpBinary: undefined,
    jaegerQueryGrpc: undefined,
    zipkin: undefined,
    tempo: undefined,
    health: undefined,
    metrics: undefined,
  };
  expect(formatReadyLine('::1', '', { ...ports, ...none })).toBe(
    'clew ready: ui http://localhost:1 · otlp grpc [::1]:2',
  );
});

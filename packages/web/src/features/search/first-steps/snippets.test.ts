// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { readOtlpAddresses } from './otlp-addresses.ts';
import { firstSpanSnippets } from './snippets.ts';

const sample = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  startMs: 1_795_374_903_123,
};

test('every snippet names the address of the receiver', () => {
  const snippets = firstSpanSnippets(
    { http: 'http://clew:4318', grpc: 'http://clew:4317' },
    sample,
  );
  for (const { code } of snippets) expect(code).toContain('http://clew:4318');
});

test('the span that curl sends is OTLP as JSON', () => {
  const snippets = firstSpanSnippets(
    { http: 'http://clew:4318', grpc: 'http://clew:4317' },
    sample,
  );
  const curl = snippets.find(({ code }) => code.startsWith('curl'))?.code ?? '';
  const body: unknown = JSON.parse(/-d '(.*)'$/s.exec(curl)?.[1] ?? '');
  expect(body).toHaveProperty(['resourceSpans', 0, 'scopeSpans', 0, 'spans', 0], {
    traceId: sample.traceId,
    spanId: sample.spanId,
    name: 'first-span',
    kind: 1,
    startTimeUnixNano: '1795374903123000000',
    endTimeUnixNano: '1795374903373000000',
  });
});

test('without OTLP over HTTP the environment says gRPC, and nothing else is offered', () => {
  const snippets = firstSpanSnippets({ http: undefined, grpc: 'http://clew:4317' }, sample);
  expect(snippets.map(({ code }) => code)).toEqual([expect.stringContaining('PROTOCOL=grpc')]);
  expect(firstSpanSnippets({ http: undefined, grpc: undefined }, sample)).toEqual([]);
});

test('the ports are those the server wrote into the page, none for a receiver that is off', () => {
  document.head.innerHTML =
    '<meta name="clew-otlp-http-port" content="14318" /><meta name="clew-otlp-grpc-port" content="" />';
  const http = `http://${document.location.hostname}:14318`;
  expect(readOtlpAddresses(document)).toEqual({ http, grpc: undefined });
});

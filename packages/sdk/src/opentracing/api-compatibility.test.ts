import { afterAll, beforeAll, beforeEach, describe, it, vi } from 'vitest';
import type { Tracer } from 'opentracing';
import { init } from '../index.ts';
import type { Clew } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { createTracer } from './index.ts';

type ApiCompatibilityChecks = (makeTracer: () => Tracer) => void;

// The checks of the `opentracing` package are written for mocha, which has its functions in the global scope.
Object.assign(globalThis, { describe, it, beforeEach });
const checks = await import('opentracing/lib/test/api_compatibility.js');
const run = findDefault(checks);

let sink: OtlpSink;
let clew: Clew;

beforeAll(async () => {
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'shop', endpoint: sink.endpoint });
  vi.spyOn(console, 'log').mockReturnValue(undefined);
});

afterAll(async () => {
  await clew.shutdown();
  await sink.stop();
});

describe('recording', () => run(() => createTracer()));

describe('following the active span', () => run(() => createTracer({ followsActiveSpan: true })));

/** An ES module sees the exports of a CommonJS one as its default. */
function findDefault(module: unknown): ApiCompatibilityChecks {
  let found: unknown = module;
  while (typeof found === 'object' && found !== null && 'default' in found) found = found.default;
  if (typeof found !== 'function') throw new Error('opentracing has no checks');
  return found as ApiCompatibilityChecks;
}

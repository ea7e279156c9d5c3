import { createRequire } from 'node:module';
import { beforeEach, describe, it, vi } from 'vitest';
import { init } from '../index.ts';
import { OpenTracingTracer } from './index.ts';

interface CompatibilityChecks {
  readonly default: (createTracer: () => OpenTracingTracer) => void;
}

// OpenTracing's own checks, which want the functions of mocha to be global, and print the id of a trace.
Object.assign(globalThis, { describe, it, beforeEach });
vi.spyOn(console, 'log').mockReturnValue(undefined);
const { default: checkCompatibility } = createRequire(import.meta.url)(
  'opentracing/lib/test/api_compatibility.js',
) as CompatibilityChecks;

describe('without a tracer provider', () => {
  checkCompatibility(() => new OpenTracingTracer());
});

describe('with this library', () => {
  beforeEach(() => {
    const clew = init({ serviceName: 'compatible', endpoint: 'http://127.0.0.1:1' });
    return () => clew.shutdown();
  });
  checkCompatibility(() => new OpenTracingTracer());
});

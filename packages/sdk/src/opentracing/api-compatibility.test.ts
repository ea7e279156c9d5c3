import { createRequire } from 'node:module';
import type { Tracer } from 'opentracing';
import { beforeEach, describe, it, vi } from 'vitest';
import { init } from '../index.ts';
import { createTracer } from './index.ts';

interface CompatibilityChecks {
  readonly default: (createTracer: () => Tracer) => void;
}

// OpenTracing's own checks, which want the functions of mocha to be global, and print the id of a trace.
Object.assign(globalThis, { describe, it, beforeEach });
vi.spyOn(console, 'log').mockReturnValue(undefined);
const { default: checkCompatibility } = createRequire(import.meta.url)(
  'opentracing/lib/test/api_compatibility.js',
) as CompatibilityChecks;

describe('without a tracer provider', () => {
  checkCompatibility(() => createTracer());
});

describe('with this library', () => {
  beforeEach(() => {
    const clew = init({ serviceName: 'compatible', endpoint: 'http://127.0.0.1:1' });
    return () => clew.shutdown();
  });
  checkCompatibility(() => createTracer());
});

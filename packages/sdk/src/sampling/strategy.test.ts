import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrategy } from './strategy.ts';

// As Jaeger 2.20 writes them.
test('reads a share, a rate, and shares by operation', () => {
  expect(
    parseStrategy('{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.42}}'),
  ).toEqual({ type: 'ratio', probability: 0.42 });
  expect(
    parseStrategy(
      '{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":42}}',
    ),
  ).toEqual({ type: 'rate', maxPerSecond: 42 });
  expect(
    parseStrategy(`{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1},
      "operationSampling":{"defaultSamplingProbability":0.42,"defaultLowerBoundTracesPerSecond":2,
      "perOperationStrategies":[{"operation":"foo","probabilisticSampling":{"samplingRate":0.5}},
      {"operation":"bar","probabilisticSampling":{"samplingRate":7}}],
      "defaultUpperBoundTracesPerSecond":11.2}}`),
  ).toEqual({
    type: 'per_operation',
    defaultProbability: 0.42,
    lowerBoundPerSecond: 2,
    probabilityByOperation: new Map([['foo', 0.5]]),
  });
});

test('takes what is left out as zero, and types by number', () => {
  expect(parseStrategy('{"probabilisticSampling":{}}')).toEqual({ type: 'ratio', probability: 0 });
  expect(parseStrategy('{"strategyType":1,"rateLimitingSampling":{}}')).toEqual({
    type: 'rate',
    maxPerSecond: 0,
  });
});

test.each([
  '',
  'null',
  '[]',
  '{}',
  'not json',
  '{"strategyType":"RATE_LIMITING","probabilisticSampling":{"samplingRate":1}}',
  '{"probabilisticSampling":{"samplingRate":1.1}}',
  '{"probabilisticSampling":{"samplingRate":"1"}}',
  '{"rateLimitingSampling":{"maxTracesPerSecond":-1},"strategyType":"RATE_LIMITING"}',
])('there is no strategy in %s', (text) => {
  expect(parseStrategy(text)).toBeUndefined();
});

test('never fails, whatever the JSON is', () => {
  fc.assert(fc.property(fc.json(), (text) => void parseStrategy(text)));
});

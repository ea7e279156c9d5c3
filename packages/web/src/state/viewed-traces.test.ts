import { describe, expect, test } from 'vitest';
import { readViewedTraces, rememberViewedTrace } from './viewed-traces.ts';
import type { ViewedTrace } from './viewed-traces.ts';

function storageWith(text?: string) {
  let stored = text;
  return {
    getItem: () => stored ?? null,
    setItem: (_: string, value: string) => {
      stored = value;
    },
  };
}

function traceOf(number: number): ViewedTrace {
  const traceId = number.toString(16).padStart(32, '0');
  return {
    traceId,
    service: 's',
    name: 'n',
    startMs: 1,
    durationNs: 2,
    spanCount: 3,
    errorCount: 0,
  };
}

const idsOf = (storage: ReturnType<typeof storageWith>): number[] =>
  readViewedTraces(storage).map(({ traceId }) => Number.parseInt(traceId, 16));

describe('traces that were viewed', () => {
  test('are kept newest first, each once', () => {
    const storage = storageWith();
    for (const number of [1, 2, 3, 1]) rememberViewedTrace(storage, traceOf(number));
    expect(idsOf(storage)).toEqual([1, 3, 2]);
    expect(readViewedTraces(storage)[0]).toEqual(traceOf(1));
  });

  test('are forgotten when many others were viewed since', () => {
    const storage = storageWith();
    for (let number = 1; number <= 30; number++) rememberViewedTrace(storage, traceOf(number));
    expect(idsOf(storage)).toHaveLength(20);
    expect(idsOf(storage)[19]).toBe(11);
  });

  test('survive damage as far as it goes', () => {
    expect(readViewedTraces(storageWith('{'))).toEqual([]);
    expect(readViewedTraces(storageWith('{"a":1}'))).toEqual([]);
    const text = JSON.stringify([traceOf(1), { traceId: 'x' }, traceOf(2)]);
    expect(idsOf(storageWith(text))).toEqual([1, 2]);
  });
});

import { describe, expect, test } from 'vitest';
import type { CannedTraceReader } from '../../query/testing/canned-trace-reader.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import { ANSWERS } from './testing/answer-schemas.ts';

type ServiceEdge = CannedTraceReader['serviceEdges'][number];

function edge(client: string, server: string, callCount: number): ServiceEdge {
  return {
    interval: 0,
    client,
    server,
    connection: '',
    callCount,
    weight: callCount,
    errorCount: 0,
    clientDurationNano: 0n,
    serverDurationNano: 0n,
    latency: { buckets: [], weights: [] },
  };
}

function createApp() {
  const test = createTestApp();
  test.reader.serviceEdges = [
    edge('shop', 'users', 2),
    edge('shop', 'payments', 1),
    { ...edge('shop', 'users', 3), connection: 'messaging' },
    { ...edge('users', 'postgresql', 4), connection: 'database' },
  ];
  return test;
}

describe('version 1', () => {
  test('gives each pair of services once', async () => {
    const { app, reader } = createApp();
    const response = await app.request('/api/dependencies?endTs=1795000000000&lookback=3600000');
    expect(ANSWERS.dependencies.parse(await response.json())).toEqual({
      data: [
        { parent: 'shop', child: 'payments', callCount: 1 },
        { parent: 'shop', child: 'users', callCount: 5 },
        { parent: 'users', child: 'postgresql', callCount: 4 },
      ],
      total: 0,
      limit: 0,
      offset: 0,
      errors: null,
    });
    expect(reader.edgeRequests).toMatchObject([
      {
        startUnixNano: 1_794_996_400_000_000_000n,
        endUnixNano: 1_795_000_000_000_000_000n,
        withoutLatency: true,
      },
    ]);
  });

  test('looks back a day unless something else is said', async () => {
    const { app, reader } = createApp();
    await app.request('/api/dependencies');
    expect(reader.edgeRequests).toMatchObject([
      {
        startUnixNano: BigInt(NOW_MS - 86_400_000) * 1_000_000n,
        endUnixNano: BigInt(NOW_MS) * 1_000_000n,
      },
    ]);
  });

  test('can be about one service, on either side', async () => {
    const { app } = createApp();
    const response = await app.request('/api/dependencies?service=users');
    const { data } = ANSWERS.dependencies.parse(await response.json());
    expect(data.map(({ parent, child }) => [parent, child])).toEqual([
      ['shop', 'users'],
      ['users', 'postgresql'],
    ]);
  });

  test.each(['endTs=yesterday', 'lookback=1h'])('refuses %s', async (query) => {
    const { app } = createApp();
    const response = await app.request(`/api/dependencies?${query}`);
    expect(response.status).toBe(400);
    ANSWERS.failure.parse(await response.json());
  });
});

describe('version 3', () => {
  test('gives the same with counts as texts', async () => {
    const { app, reader } = createApp();
    const response = await app.request(
      '/api/v3/dependencies?startTime=2026-11-22T08:00:00Z&end_time=2026-11-22T08:30:00.5Z',
    );
    const { dependencies } = ANSWERS.v3Dependencies.parse(await response.json());
    expect(dependencies[1]).toEqual({ parent: 'shop', child: 'users', callCount: '5' });
    expect(reader.edgeRequests).toMatchObject([
      { endUnixNano: BigInt(NOW_MS) * 1_000_000n + 500_000_000n },
    ]);
  });

  test('needs a time', async () => {
    const { app } = createApp();
    const response = await app.request('/api/v3/dependencies?startTime=2026-11-22T08:00:00Z');
    expect(response.status).toBe(400);
    expect(ANSWERS.v3Failure.parse(await response.json())).toEqual({
      error: { httpCode: 400, message: 'startTime and endTime are required' },
    });
  });
});

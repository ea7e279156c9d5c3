import { describe, expect, test } from 'vitest';
import {
  deleteTrace,
  diffTraces,
  listOperations,
  listServices,
  readTrace,
  searchTraces,
} from './routes.ts';

const routes = [listServices, listOperations, searchTraces, readTrace, diffTraces, deleteTrace];

describe('routes', () => {
  test('each has a path and method, and an operation id, of its own', () => {
    expect(new Set(routes.map(({ path, method }) => `${method} ${path}`)).size).toBe(routes.length);
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length);
  });

  test('a query parameter that a route does not know is refused', () => {
    expect(listServices.query.safeParse({ limit: '5' }).success).toBe(false);
    expect(listServices.query.safeParse({}).success).toBe(true);
  });

  test.each(['0af7651916cd43dd8448eb211c80319c', '0AF7', '1'])(
    'reads the trace id %s',
    (traceId) => {
      expect(readTrace.pathParameters.safeParse({ traceId }).success).toBe(true);
    },
  );

  test.each(['', 'xyz', '0'.repeat(33), '0af7\n'])('refuses the trace id %j', (traceId) => {
    expect(readTrace.pathParameters.safeParse({ traceId }).success).toBe(false);
  });

  test('a comparison takes two trace ids and nothing else', () => {
    const takes = (query: unknown) => diffTraces.query.safeParse(query).success;
    expect(takes({ base: '0AF7', other: '1' })).toBe(true);
    expect(takes({ base: '0AF7' })).toBe(false);
    expect(takes({ base: '0AF7', other: 'xyz' })).toBe(false);
    expect(takes({ base: '0AF7', other: '1', limit: '5' })).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { orderTrace, shopTrace } from '../../../testing/trace-fixtures.ts';
import { findSpans } from './find-spans.ts';

const trace = orderTrace({ isFailed: true });

async function find(text: string): Promise<readonly (string | undefined)[]> {
  const marks = await findSpans(trace, text, new AbortController().signal);
  return trace.spans.filter((_, index) => marks?.[index] === 1).map(({ name }) => name);
}

describe('findSpans', () => {
  test('finds words in names, in any case', async () => {
    expect(await find('SELECT')).toContain('SELECT users');
    expect(await find('get-USER')).toEqual(['get-user']);
  });

  test('finds keys and values of attributes, events and the resource', async () => {
    expect(await find('addresses')).toEqual(['SELECT users']);
    expect(await find('order.total=129.95')).toEqual(['create-order']);
    expect(await find('insert-order.ts')).toEqual(['INSERT orders']);
    expect(await find('user-service-7d9f')).toHaveLength(3);
  });

  test('wants all words, wherever they are', async () => {
    expect(await find('user-service select')).toEqual(['SELECT users']);
    expect(await find('user-service insert')).toEqual([]);
  });

  test('stops when nobody waits for it any more', async () => {
    const controller = new AbortController();
    const large = shopTrace({ spanCount: 20_000 });
    const found = findSpans(large, 'reserve', controller.signal);
    controller.abort();
    expect(await found).toBeUndefined();
  });
});

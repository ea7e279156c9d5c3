import { describe, expect, test } from 'vitest';
import { orderTrace, toView } from '../../../testing/trace-fixtures.ts';
import { nameOf } from '../../../trace/trace-view.ts';
import { findSpans } from './find-spans.ts';

const view = toView(orderTrace({ isFailed: true }));

function find(text: string): readonly string[] {
  const found: string[] = [];
  findSpans(view, text).forEach((mark, index) => mark === 1 && found.push(nameOf(view, index)));
  return found;
}

describe('findSpans', () => {
  test('finds words in names, in any case', () => {
    expect(find('SELECT')).toEqual(['SELECT users']);
    expect(find('get-USER')).toEqual(['get-user']);
  });

  test('finds the names of services and events', () => {
    expect(find('user-service')).toHaveLength(3);
    expect(find('exception')).toEqual(['INSERT orders']);
    expect(find('basket.validated')).toEqual(['create-order']);
  });

  test('finds a span by how its id begins', () => {
    expect(find('00f067aa0ba90006')).toEqual(['SELECT users']);
    expect(find('00F067AA0ba9')).toHaveLength(8);
    expect(find('f067')).toEqual([]);
  });

  test('wants all words, wherever they are', () => {
    expect(find('user-service select')).toEqual(['SELECT users']);
    expect(find('user-service insert')).toEqual([]);
  });
});

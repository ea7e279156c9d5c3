// @vitest-environment happy-dom
import { ApiError } from '@clew/api';
import { act } from 'react';
import { afterEach, expect, test } from 'vitest';
import { TraceState } from '../../../state/trace-state.ts';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { fanTrace, toView } from '../../../testing/trace-fixtures.ts';
import { FindBox } from './find-box.tsx';
import { FindState } from './find-state.ts';

let page: Rendered;
afterEach(() => page.unmount());

const view = toView(fanTrace(4_500));

async function openBox(findMatches: () => Promise<{ readonly spanIds: readonly string[] }>) {
  const state = new TraceState(view, { isDetailOpen: false, tab: 'attributes' });
  const find = new FindState(state.places);
  const client = { findMatches };
  page = await render(<FindBox ref={null} client={client} state={state} find={find} />);
  const seek = async (text: string) => {
    await act(async () => find.text.set(text));
    await act(() => new Promise((resolve) => setTimeout(resolve, 250)));
  };
  return { state, find, seek };
}

test('which of more than a thousand spans one is at is said exactly', async () => {
  const { state, find, seek } = await openBox(() => Promise.resolve({ spanIds: [] }));
  await seek(view.services[0]?.service ?? '');
  const last = view.tree.order.findLast((index) => find.matches.get()?.[index] === 1) ?? 0;
  await act(async () => state.select(last));
  const all = find.count.get().toLocaleString('en');
  expect(all).toMatch(/^1,\d{3}$/);
  expect(page.find('output').textContent).toBe(`${all} of ${all}`);
});

test('what is wrong with a query is said in words, with its place and the query that was meant', async () => {
  const { find, seek } = await openBox(() =>
    Promise.reject(
      new ApiError('expected a value at 13', {
        code: 'invalid_argument',
        status: 400,
        position: 13,
        suggestion: '{ duration > 5ms }',
      }),
    ),
  );
  await seek('{ duration > 5 ms }');
  const problem = page.find('[role=alert]');
  expect(problem.textContent).toContain('Not a query: expected a value, at character 14');
  expect(page.find('output').textContent).toBe('');
  await page.click(page.findText('button', '{ duration > 5ms }'));
  expect(find.text.get()).toBe('{ duration > 5ms }');
});

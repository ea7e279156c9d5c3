// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { afterEach, expect, test } from 'vitest';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { QueryProblemLine } from './query-problem-line.tsx';

let page: Rendered;
afterEach(() => page.unmount());

async function renderLine(line: string, isRefused = false): Promise<readonly string[]> {
  const taken: string[] = [];
  const onTake = (query: string) => void taken.push(query);
  page = await render(<QueryProblemLine {...{ line, isRefused, onTake }} />);
  return taken;
}

test('a line that computes metrics offers the search for their spans', async () => {
  const line = '{ .a = 1 } | count_over_time() by (status)';
  const taken = await renderLine(line);
  expect(page.container.textContent).toContain('find no traces');
  await page.click(page.find('button'));
  expect(taken).toEqual(['{ .a = 1 }']);
});

test('the offer stays when the line was refused, without the reason, which stands at the line', async () => {
  await renderLine('{ status = eror }', true);
  expect(page.container.textContent).not.toContain('Not a query yet');
  expect(page.find('button').textContent).toBe('{ status = error }');
});

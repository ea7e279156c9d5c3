// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { afterEach, expect, test, vi } from 'vitest';
import { render } from '../testing/render.tsx';
import type { Rendered } from '../testing/render.tsx';
import { createLazyPart } from './lazy-part.tsx';

let page: Rendered;
afterEach(() => page.unmount());

/** A part that comes when it is asked for the given time. */
function createPart(comesAt: number) {
  let askedCount = 0;
  return createLazyPart<{ readonly text: string }>({
    name: 'The picture',
    load: async () => {
      if (++askedCount < comesAt) throw new Error('no network');
      return ({ text }) => <p>{text}</p>;
    },
    renderHead: ({ text }) => <h2>head of {text}</h2>,
  });
}

test('a part whose code comes is shown as it is', async () => {
  const Part = createPart(1);
  page = await render(<Part text="a" />);
  expect(page.container.innerHTML).toBe('<p>a</p>');
});

test('one whose code does not come leaves the page around it, and can be tried again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Part = createPart(3);
  page = await render(
    <main>
      <h1>Page</h1>
      <Part text="a" />
    </main>,
  );
  expect(page.find('[role="alert"]').textContent).toContain('The picture could not be loaded');
  expect(page.find('h1').textContent).toBe('Page');
  expect(page.find('h2').textContent).toBe('head of a');
  await page.click(page.findText('button', 'Try again'));
  expect(page.find('[role="alert"]').textContent).toContain('no network');
  await page.click(page.findText('button', 'Try again'));
  expect(page.find('main').innerHTML).toBe('<h1>Page</h1><p>a</p>');
});

test('who comes back after a failure is not shown the old one', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Part = createPart(2);
  page = await render(<Part text="a" />);
  expect(page.find('[role="alert"]').textContent).toContain('no network');
  await page.unmount();
  page = await render(<Part text="b" />);
  expect(page.container.innerHTML).toBe('<p>b</p>');
});

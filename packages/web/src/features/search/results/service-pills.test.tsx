// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { afterEach, expect, test } from 'vitest';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { ServicePills } from './service-pills.tsx';

let page: Rendered;
afterEach(() => page.unmount());

async function renderPills(
  serviceCount: number,
  widthPx = 5000,
  failed: readonly number[] = [0],
): Promise<void> {
  const services = Array.from({ length: serviceCount }, (_, at) => ({
    service: `service-${at}`,
    spanCount: 3,
    errorCount: failed.includes(at) ? 2 : 0,
  }));
  const room = { widthPx, isCompact: false, textPx: (text: string) => 6 * text.length };
  page = await render(<ServicePills services={services} room={room} />);
}

const texts = () =>
  [...document.querySelectorAll('.service-pill')].map(({ textContent }) => textContent);
const linesOf = (selector: string) =>
  document.querySelector(selector)?.getAttribute('title')?.split('\n') ?? [];

test('each service is a pill with its spans, and those that failed', async () => {
  await renderPills(2);
  expect(texts()).toEqual(['service-032 failed', 'service-13']);
});

test('services that do not fit are counted by the last pill, which names them', async () => {
  await renderPills(5, 260);
  expect(texts()).toHaveLength(3);
  expect(texts().at(-1)).toBe('+3and service-2, service-3, service-4');
  expect(linesOf('.service-pill-others')[0]).toBe('service-2: 3 spans');
  expect(linesOf('.service-pill-others')).toHaveLength(3);
});

test('a trace of ten thousand services has as many pills as fit, and says how many more there are', async () => {
  await renderPills(10_000);
  expect(texts()).toHaveLength(17);
  expect(texts().at(-1)).toMatch(/^\+9.98\u00a0k.*, service-31, 9.97\u00a0k more services$/);
  const lines = linesOf('.service-pills');
  expect(lines[0]).toBe('service-0: 3 spans, 2 failed');
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toBe('9.96\u00a0k more services');
});

test('services that failed come first, and the last pill counts what failed in the others', async () => {
  await renderPills(5, 260, [3]);
  expect(texts()[0]).toBe('service-332 failed');
  expect(texts().at(-1)).not.toContain('failed');
  await page.unmount();
  await renderPills(5, 260, [1, 3, 4]);
  expect(texts()[0]).toBe('service-132 failed');
  expect(texts().at(-1)).toMatch(/^\+\dand (service-3, )?service-4, .*[24] failed$/);
});

// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { afterEach, expect, test } from 'vitest';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { ServicePills } from './service-pills.tsx';

let page: Rendered;
afterEach(() => page.unmount());

async function renderPills(serviceCount: number): Promise<void> {
  const services = Array.from({ length: serviceCount }, (_, at) => ({
    service: `service-${at}`,
    spanCount: 3,
    errorCount: at === 0 ? 2 : 0,
  }));
  page = await render(<ServicePills services={services} />);
}

const texts = () =>
  [...document.querySelectorAll('.service-pill')].map(({ textContent }) => textContent);

test('each service is a pill with its spans, and those that failed', async () => {
  await renderPills(2);
  expect(texts()).toEqual(['service-032 failed', 'service-13']);
});

test('a trace of ten thousand services has as many pills as fit, and says how many more there are', async () => {
  await renderPills(10_000);
  expect(texts()).toHaveLength(17);
  expect(texts().at(-1)).toBe('9.98\u00a0k more services');
  const lines = document.querySelector('.service-pills')?.getAttribute('title')?.split('\n') ?? [];
  expect(lines[0]).toBe('service-0: 3 spans, 2 failed');
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toBe('9.96\u00a0k more services');
});

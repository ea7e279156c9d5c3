// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { afterEach, describe, expect, test } from 'vitest';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import {
  FIXTURE_START_UNIX_NANO,
  orderTrace,
  toView,
  withoutSpans,
} from '../../testing/trace-fixtures.ts';
import { ArrivalNotice } from './arrival-notice.tsx';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

let page: Rendered;
afterEach(() => page.unmount());

async function open(
  missing: readonly string[],
  afterMs: number,
  problem: {
    readonly refreshError?: Error;
    readonly missingSpan?: string;
    readonly foldLoss?: 'tooMany' | 'changed';
  } = {},
) {
  const trace = withoutSpans(orderTrace(), ({ name }) => missing.includes(name));
  let refreshCount = 0;
  page = await render(
    <ArrivalNotice
      view={toView(trace)}
      loadedAtMs={Number(FIXTURE_START_UNIX_NANO / 1_000_000n) + afterMs}
      isRefreshing={false}
      refreshError={problem.refreshError}
      missingSpan={problem.missingSpan}
      foldLoss={problem.foldLoss}
      onRefresh={() => refreshCount++}
    />,
  );
  return () => refreshCount;
}

const text = () => page.container.textContent?.replaceAll('\u00a0', ' ') ?? '';

describe('the notice of arrival', () => {
  test('is absent from a whole trace', async () => {
    await open([], HOUR_MS);
    expect(text()).toBe('');
  });

  test('counts the spans whose parent is not here, and refreshes', async () => {
    const refreshes = await open(['get-user'], 20 * SECOND_MS);
    expect(text()).toContain('Still arriving: 1 span refers to a parent that is not here');
    await page.click(page.findText('button', 'Refresh'));
    expect(refreshes()).toBe(1);
  });

  test('does not promise that more comes when the trace is old', async () => {
    await open(['POST /orders', 'get-user'], HOUR_MS);
    expect(text()).toContain('Incomplete: 2 spans refer to parents that are not here');
    expect(text()).toContain('the root span is missing');
  });

  test('says that the newest span has just ended', async () => {
    await open([], 2 * SECOND_MS);
    expect(text()).toContain('the newest span ended 1.91 s before this was loaded');
  });

  test('says when the span of a link is not here', async () => {
    await open([], HOUR_MS, { missingSpan: '00f067aa0ba9ffff' });
    expect(text()).toContain('The span of this link, 00f067aa0ba9ffff, is not here');
  });

  test('says what a link cannot restore, beside what is missing', async () => {
    await open([], HOUR_MS, { foldLoss: 'tooMany' });
    expect(text()).toContain('More is folded away than an address has room for');
    await page.unmount();
    await open(['get-user'], HOUR_MS, { foldLoss: 'changed' });
    expect(text()).toContain('what was folded away in it is unfolded');
    expect(text()).toContain('a parent that is not here');
  });

  test('says when a refresh failed, and that the older answer is shown', async () => {
    await open([], HOUR_MS, { refreshError: new Error('the server cannot be reached') });
    expect(text()).toContain('Not refreshed: the server cannot be reached');
  });
});

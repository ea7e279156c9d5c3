// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { afterEach, describe, expect, test } from 'vitest';
import { TraceState } from '../../state/trace-state.ts';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import { toTraceJson, toView } from '../../testing/trace-fixtures.ts';
import { TraceFacts } from './trace-facts.tsx';

let page: Rendered;
afterEach(() => page.unmount());

/** What the line says of a root of 100 ms, and of a message's consumer that ends after so many milliseconds. */
async function openUntil(endMs: number): Promise<string> {
  const spans = [
    { id: 1, service: 'shop', name: 'POST /orders', startNs: 0, durationNs: 100e6 },
    {
      id: 2,
      parent: 1,
      service: 'mail',
      name: 'send',
      startNs: 90e6,
      durationNs: endMs * 1e6 - 90e6,
    },
  ];
  const view = toView(toTraceJson(spans));
  const state = new TraceState(view, { isDetailOpen: false, tab: 'attributes' });
  page = await render(<TraceFacts view={view} state={state} />);
  return (page.container.textContent ?? '').replaceAll('\u00a0', ' ');
}

describe('the figures of a trace', () => {
  test('tell what the root took from what went on without it', async () => {
    const text = await openUntil(600);
    expect(text).toContain('600 ms');
    expect(text).toContain('root 100 ms');
    expect(page.find('[title^="How long POST /orders of shop took"]')).toBeDefined();
  });

  test('are one duration where nothing went on for long', async () => {
    expect(await openUntil(104)).not.toContain('root');
  });
});

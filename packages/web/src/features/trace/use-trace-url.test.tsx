// @vitest-environment happy-dom
import { act, useState } from 'react';
import type { ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import type { QueryValues } from '../../state/query-string.ts';
import { TraceState } from '../../state/trace-state.ts';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import { orderTrace, toView } from '../../testing/trace-fixtures.ts';
import { useTraceUrl } from './use-trace-url.ts';

let page: Rendered;
afterEach(() => page.unmount());

/** A router that is told when the address changes. */
async function openRouter() {
  const state = new TraceState(toView(orderTrace()), { isDetailOpen: false, tab: 'attributes' });
  const written: QueryValues[] = [];
  let show: (address: QueryValues) => void = () => undefined;
  const Page = (): ReactNode => {
    const [address, setAddress] = useState<QueryValues>({});
    show = setAddress;
    useTraceUrl(state, address, (next) => written.push(next));
    return undefined;
  };
  page = await render(<Page />);
  return { state, written, show: (address: QueryValues) => act(async () => show(address)) };
}

const rest = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

test('what one does stays on the screen while the address follows late', async () => {
  const { state, written, show } = await openRouter();
  await act(async () => state.select(3));
  await rest();
  await act(async () => state.select(5));
  await rest();
  expect(written).toHaveLength(2);
  for (const address of written) {
    await show(address);
    expect(state.selection.get()).toBe(5);
  }
});

test('an address that comes from elsewhere is followed', async () => {
  const { state, written, show } = await openRouter();
  await act(async () => state.select(3));
  await rest();
  await act(async () => state.select(5));
  await rest();
  for (const address of written) await show(address);
  await show(written[0] ?? {});
  expect(state.selection.get()).toBe(3);
});

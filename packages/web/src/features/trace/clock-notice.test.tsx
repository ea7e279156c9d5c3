// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { TraceColumns } from '@clew/model';
import { act, useState } from 'react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import type { QueryValues } from '../../state/query-string.ts';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import { orderTrace, toColumns, withSkew } from '../../testing/trace-fixtures.ts';
import type { TraceClient } from './trace-client.ts';
import { TracePage } from './trace-page.tsx';

let page: Rendered;
let address: QueryValues;
afterEach(() => page.unmount());

const text = () => page.container.textContent?.replaceAll('\u00a0', ' ') ?? '';
const header = () =>
  page.find('.trace-facts [data-strong=true]').textContent?.replaceAll('\u00a0', ' ');

function Page({
  columns,
  first,
}: {
  readonly columns: TraceColumns;
  readonly first: QueryValues;
}): ReactNode {
  const [search, setSearch] = useState(first);
  const client = { readTraceColumns: () => Promise.resolve(columns) } as unknown as TraceClient;
  return (
    <TracePage
      client={client}
      traceId={columns.traceId}
      search={search}
      onSearchChange={(next) => {
        address = next;
        setSearch(next);
      }}
    />
  );
}

async function open(columns: TraceColumns, first: QueryValues = {}): Promise<void> {
  // The statistics have no canvas, which the page of a test has not either.
  page = await render(<Page columns={columns} first={{ view: 'statistics', ...first }} />);
  await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
}

const behind = toColumns(withSkew(orderTrace(), 'user-service', -400_000_000));

describe('a clock that is behind', () => {
  test('is told, and the trace lasts as long as its root', async () => {
    await open(behind);
    expect(text()).toMatch(
      /The clock of .?user-service.? is 4\d\d ms behind: its spans are drawn 4\d\d ms later/,
    );
    expect(header()).toBe('Duration86.4 ms');
  });

  test('is left as it was sent on demand, and the address says so', async () => {
    await open(behind);
    await page.click(page.findText('button', 'As sent'));
    await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(text()).toContain('spans are drawn as they were sent');
    expect(header()).not.toBe('Duration86.4 ms');
    expect(address['clock']).toBe('sent');
    await page.click(page.findText('button', 'As sent'));
    expect(header()).toBe('Duration86.4 ms');
  });

  test('is left as it was sent where a link says so', async () => {
    await open(behind, { clock: 'sent' });
    expect(text()).toContain('spans are drawn as they were sent');
  });
});

test('nothing is said of clocks that go together', async () => {
  await open(toColumns(orderTrace()));
  expect(text()).not.toContain('clock');
});

// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { ClewClient } from '@clew/api';
import { act } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { parseSearchState } from '../../../state/search-state.ts';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { SearchForm } from './search-form.tsx';

let page: Rendered;
afterEach(() => page.unmount());

const unanswered = () => new Promise<never>(() => {});
const client = new Proxy({} as ClewClient, { get: () => unanswered });
const ignore = () => {};

async function submit(q: string): Promise<readonly string[]> {
  const told: string[] = [];
  page = await render(
    <SearchForm
      client={client}
      shown={parseSearchState({ q })}
      onSearch={() => void told.push('searched')}
      onRefuse={() => void told.push('refused')}
      isSearching={false}
      onCancel={ignore}
      refused={{}}
      firstFieldRef={{ current: null }}
      isOpen
      onOpenChange={ignore}
    />,
  );
  const form = page.find('form');
  await act(async () => {
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await vi.waitUntil(() => told.length > 0);
  });
  return told;
}

test('a line that cannot be read is not searched, and the page learns that it was refused', async () => {
  expect(await submit('{ status = eror }')).toEqual(['refused']);
  await page.unmount();
  expect(await submit('{ status = error }')).toEqual(['searched']);
});

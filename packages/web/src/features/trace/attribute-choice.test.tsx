// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { act } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import { orderTrace, toView } from '../../testing/trace-fixtures.ts';
import type { SpanAttribute } from '../../trace/span-attribute.ts';
import { AttributeChoice } from './attribute-choice.tsx';
import type { TraceClient } from './trace-client.ts';

let page: Rendered;
afterEach(() => page.unmount());

async function enter(text: string): Promise<readonly SpanAttribute[]> {
  const taken: SpanAttribute[] = [];
  const client = {
    listTraceAttributes: () =>
      Promise.resolve({
        spanCount: 8,
        attributes: [
          { scope: 'resource', key: 'host.name', spanCount: 8 },
          { scope: 'resource', key: 'http.route', spanCount: 8 },
          { scope: 'span', key: 'http.route', spanCount: 3 },
        ],
      }),
  } as unknown as TraceClient;
  page = await render(
    <AttributeChoice
      client={client}
      view={toView(orderTrace())}
      label="Attribute"
      value={undefined}
      onChange={(attribute) => taken.push(attribute)}
    />,
  );
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  const input = page.find('input') as HTMLInputElement;
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await act(async () => (page.find('form') as HTMLFormElement).requestSubmit());
  return taken;
}

describe('an attribute that is typed and entered', () => {
  test('is the one of the span where no scope is said, else the one there is', async () => {
    expect(await enter('http.route')).toEqual([{ scope: 'span', key: 'http.route' }]);
    await page.unmount();
    expect(await enter('host.name')).toEqual([{ scope: 'resource', key: 'host.name' }]);
  });

  test('is said not to be there where no span has it', async () => {
    expect(await enter('http.rote')).toEqual([]);
    expect(page.find('[role=alert]').textContent).toContain('No span of this trace has');
  });
});

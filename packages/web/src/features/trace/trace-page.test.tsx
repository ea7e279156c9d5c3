// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { ApiError } from '@clew/api';
import type { TraceJson } from '@clew/api';
import type { TraceColumns } from '@clew/model';
import { act } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import type { TraceClient } from './trace-client.ts';
import { TracePage } from './trace-page.tsx';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

let page: Rendered;
afterEach(() => page.unmount());

/** A client that answers as it is told, and counts. */
class ToldClient implements TraceClient {
  readCount = 0;
  readonly #answer: () => Promise<TraceColumns>;

  constructor(answer: () => Promise<TraceColumns>) {
    this.#answer = answer;
  }

  readTraceColumns(): Promise<TraceColumns> {
    this.readCount++;
    return this.#answer();
  }

  findMatches(): Promise<{ readonly spanIds: readonly string[] }> {
    return Promise.resolve({ spanIds: [] });
  }

  readSpan(): Promise<TraceJson> {
    return Promise.reject(new Error('no span is asked for'));
  }

  readMetrics(): Promise<never> {
    return Promise.reject(new Error('no numbers are asked for'));
  }

  searchSpans(): Promise<never> {
    return Promise.reject(new Error('no spans are asked for'));
  }

  listTraceAttributes(): Promise<never> {
    return Promise.reject(new Error('no attributes are asked for'));
  }

  readTraceAttribute(): Promise<never> {
    return Promise.reject(new Error('no attribute is asked for'));
  }

  // oxlint-disable-next-line require-yield -- Nobody asks for it.
  async *streamTrace(): AsyncGenerator<Uint8Array> {
    throw new Error('no text is asked for');
  }
}

async function open(answer: () => Promise<TraceColumns>, traceId = TRACE_ID): Promise<ToldClient> {
  const client = new ToldClient(answer);
  page = await render(
    <TracePage client={client} traceId={traceId} search={{}} onSearchChange={() => undefined} />,
  );
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  return client;
}

const fail =
  (code: 'not_found' | 'internal' | 'unavailable', status: number, message: string) => () =>
    Promise.reject(new ApiError(message, { code, status }));

describe('the trace page without a trace', () => {
  test('shows the shape of what is coming', async () => {
    await open(() => new Promise(() => undefined));
    expect(page.find('.trace-skeleton')).toBeDefined();
    expect(page.find('[role=progressbar]').getAttribute('aria-label')).toBe('Loading the trace');
  });

  test('says what the reasons may be when it is unknown, and looks again', async () => {
    const client = await open(fail('not_found', 404, 'no trace with this id'));
    expect(page.find('h2').textContent).toBe('This trace is not here');
    expect(page.container.textContent).toContain('it has not arrived yet');
    expect(page.container.textContent).toContain(TRACE_ID);
    await page.click(page.findText('button', 'Look again'));
    expect(client.readCount).toBe(2);
    expect(page.findText('a', 'Search for traces').getAttribute('href')).toBe('/search');
  });

  test('says what a trace id is when the address holds none, and asks nobody', async () => {
    const client = await open(() => Promise.reject(new Error('asked')), 'not-a-trace');
    expect(page.find('h2').textContent).toBe('This is not a trace id');
    expect(client.readCount).toBe(0);
  });

  test('passes on what the server says', async () => {
    await open(fail('internal', 500, 'the store is closed'));
    expect(page.find('[role=alert]').textContent).toBe(
      'The server answered 500: the store is closed.',
    );
  });

  test('says that an answer broke off, with the reason in small, and tries again', async () => {
    const reason = 'the answer is not a trace: trace columns: spanIds ends behind the bytes';
    const client = await open(fail('internal', 200, reason));
    expect(page.find('[role=alert]').textContent).toContain('The answer broke off');
    expect(page.find('.trace-problem small').textContent).toContain(reason);
    await page.click(page.findText('button', 'Try again'));
    expect(client.readCount).toBe(2);
  });

  test('says when there is no server', async () => {
    await open(fail('unavailable', 0, 'the server cannot be reached'));
    expect(page.find('[role=alert]').textContent).toContain('cannot be reached');
  });
});

import { ApiError } from '@clew/api';
import type { ClewClient, QueryParameters, SpanTailEvent } from '@clew/api';
import { expect, test } from 'vitest';
import { followSpans } from './follow-spans.ts';
import type { TailStatus } from './follow-spans.ts';
import { TailBuffer } from './tail-buffer.ts';

type Connection = (query: QueryParameters) => AsyncGenerator<SpanTailEvent>;

/** Follows through the given connections, one after the other, and stops behind the last. */
async function follow(connections: readonly Connection[]) {
  const abort = new AbortController();
  const buffer = new TailBuffer();
  const statuses: TailStatus[] = [];
  const asked: QueryParameters[] = [];
  const waits: number[] = [];
  const client: Pick<ClewClient, 'tailSpans'> = {
    tailSpans: (query) => {
      const connection = connections[asked.push(query) - 1];
      if (connection === undefined) throw new Error('there is no further connection');
      return connection(query);
    },
  };
  await followSpans({
    client,
    conditions: { service: 'cart' },
    buffer,
    signal: abort.signal,
    onStatus: (status) => statuses.push(status),
    wait: (ms) => {
      waits.push(ms);
      if (asked.length === connections.length) abort.abort();
      return Promise.resolve();
    },
  });
  buffer.flush();
  return { tail: buffer.get(), statuses, asked, waits };
}

async function* send(...ids: readonly string[]): AsyncGenerator<SpanTailEvent> {
  for (const spanId of ids) yield { event: 'span', data: { spanId } } as SpanTailEvent;
}

// oxlint-disable-next-line require-yield -- a connection that fails yields nothing
async function* fail(error: Error): AsyncGenerator<SpanTailEvent> {
  throw error;
}

test('a connection that ends is made anew, without the spans that were there before', async () => {
  const { tail, asked, statuses } = await follow([() => send('1'), () => send('2')]);
  expect(tail.spans.map(({ spanId }) => spanId)).toEqual(['2', '1']);
  expect(asked.map(({ backlog }) => backlog)).toEqual(['50', '0']);
  expect(statuses.map(({ kind }) => kind)).toContain('broken');
});

test('waits longer each time that it fails, and not after it worked again', async () => {
  const down = () => fail(new ApiError('down', { code: 'unavailable', status: 0 }));
  const { waits } = await follow([down, down, down, () => send('1'), down]);
  expect(waits).toEqual([1000, 2000, 4000, 1000, 2000]);
});

test('conditions that cannot be followed are not tried again', async () => {
  const refused = new ApiError('asks for its trace', { code: 'invalid_argument', status: 400 });
  const { statuses, asked } = await follow([() => fail(refused)]);
  expect(statuses.at(-1)).toEqual({ kind: 'refused', error: refused });
  expect(asked).toHaveLength(1);
});

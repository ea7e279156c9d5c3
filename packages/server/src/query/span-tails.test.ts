import { QuotaError, StorageError, unreachable } from '@clew/model';
import { beforeEach, describe, expect, test } from 'vitest';
import { readSearch } from './read-search.ts';
import { SpanTails } from './span-tails.ts';
import type { OpenTail, TailEvent } from './span-tails.ts';
import { CannedTraceReader, exampleSpan, spanId } from './testing/canned-trace-reader.ts';
import { TraceQueries } from './trace-queries.ts';

let reader: CannedTraceReader;
let tails: SpanTails;

beforeEach(() => {
  reader = new CannedTraceReader();
  const queries = new TraceQueries({ store: reader, observe: () => undefined });
  tails = new SpanTails({ queries, clock: { nowMs: () => 0 }, pauseMs: 1 });
});

function open(signal = new AbortController().signal, backlog = 0): Promise<OpenTail> {
  return tails.open({ search: readSearch('{ }'), backlog, maxSpansPerLook: 2, signal });
}

function arrive(name: string): void {
  reader.spans.push(exampleSpan({ name, spanId: spanId(String(reader.spans.length + 1)) }));
}

function show(event: TailEvent): string {
  switch (event.kind) {
    case 'span':
      return event.span.name;
    case 'skipped':
      return `${event.spanCount} skipped`;
    case 'failed':
      return String(event.error);
    default:
      return unreachable(event);
  }
}

describe('a tail', () => {
  test('gives what was asked for of the past, and then what arrives', async () => {
    arrive('long ago');
    arrive('before');
    using tail = await open(undefined, 1);
    const events = tail.events();
    const next = async () => show((await events.next()).value as TailEvent);
    expect(await next()).toBe('before');
    arrive('first');
    expect(await next()).toBe('first');
    for (const name of ['a', 'b', 'c', 'd']) arrive(name);
    expect(await next()).toBe('2 skipped');
    expect([await next(), await next()]).toEqual(['c', 'd']);
  });

  test('goes on when the store fails, and ends when it fails three times in a row', async () => {
    using tail = await open();
    const failure = new StorageError('slow', { code: 'deadline_exceeded' });
    reader.failure = failure;
    const shown: string[] = [];
    for await (const event of tail.events()) {
      shown.push(show(event));
      if (shown.length === 2) {
        reader.failure = undefined;
        arrive('between');
      }
      if (shown.length === 3) reader.failure = failure;
    }
    const failed = String(failure);
    expect(shown).toEqual([failed, failed, 'between', failed, failed, failed]);
  });

  test('does not begin when the first question fails', async () => {
    reader.failure = new StorageError('slow');
    await expect(open()).rejects.toThrow('slow');
  });

  test('stops the question when whoever asked has gone, and ends', async () => {
    const gone = new AbortController();
    using tail = await open(gone.signal);
    let answer = (): void => undefined;
    reader.gate = new Promise((resolve) => (answer = resolve));
    const next = tail.events().next();
    // Two to begin with.
    while (reader.signals.length < 3) await sleep();
    gone.abort();
    expect(reader.signals.at(-1)?.aborted).toBe(true);
    answer();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('ends when it is disposed of, and when the server stops', async () => {
    using tail = await open();
    const events = tail.events().next();
    tail[Symbol.dispose]();
    expect((await events).done).toBe(true);
    using other = await open();
    const others = other.events().next();
    tails[Symbol.dispose]();
    expect((await others).done).toBe(true);
  });
});

function sleep(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

test('as many as twenty are open at once', async () => {
  const opened: OpenTail[] = [];
  for (let i = 0; i < 20; i++) opened.push(await open());
  await expect(open()).rejects.toThrow(QuotaError);
  opened[0]?.[Symbol.dispose]();
  opened[0]?.[Symbol.dispose]();
  // Somebody who has gone before anything began takes no place.
  await expect(open(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  await open();
  await expect(open()).rejects.toThrow(QuotaError);
});

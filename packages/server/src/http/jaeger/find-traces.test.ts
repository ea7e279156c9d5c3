import { unixNano } from '@clew/model';
import { printQuery } from '@clew/traceql';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  CannedTraceReader,
  exampleFoundTrace,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import { TraceQueries } from '../../query/trace-queries.ts';
import type { FoundTrace } from '../../query/trace-queries.ts';
import { findTraces } from './find-traces.ts';
import type { SearchTerms } from './search-terms.ts';

const TERMS: SearchTerms = {
  service: 'shop',
  operation: undefined,
  tags: [],
  minDurationNano: undefined,
  maxDurationNano: undefined,
  startUnixNano: unixNano(10n),
  endUnixNano: unixNano(1000n),
  limit: 3,
};

/** Gives each search the next of some pages. */
class PagedReader extends CannedTraceReader {
  readonly pages: (readonly FoundTrace[])[] = [];

  override searchTraces(query: Parameters<CannedTraceReader['searchTraces']>[0]) {
    this.page = { ...this.page, traces: this.pages.shift() ?? [] };
    return super.searchTraces(query);
  }
}

let reader: PagedReader;

beforeEach(() => {
  reader = new PagedReader();
});

function found(id: string, matchedAt: bigint): FoundTrace {
  return exampleFoundTrace({ traceId: traceId(id), matchedStartUnixNano: unixNano(matchedAt) });
}

async function find(terms: Partial<SearchTerms> = {}) {
  const queries = new TraceQueries({ store: reader, observe: () => undefined });
  const traces = await findTraces(queries, { ...TERMS, ...terms }, {});
  return traces.map(({ traceId, matchedStartUnixNano }) => [
    Number.parseInt(traceId, 16),
    Number(matchedStartUnixNano),
  ]);
}

test('without tags one search is enough', async () => {
  reader.pages.push([found('1', 20n)]);
  expect(await find()).toEqual([[1, 20]]);
  expect(reader.searches).toHaveLength(1);
});

test('and with tags that events and links cannot have', async () => {
  await find({ tags: [{ key: 'error', value: 'true' }] });
  expect(reader.searches).toHaveLength(1);
});

describe('tags', () => {
  const tags = [
    { key: 'a', value: 'x' },
    { key: 'error', value: 'true' },
  ];

  test('are looked for on spans, and then on events and links', async () => {
    await find({ tags });
    const onSpan = '(span.a = "x" || resource.a = "x" || instrumentation.a = "x")';
    const inDetails = '(event.a = "x" || link.a = "x")';
    const isError = '(status = error || span.error = "true" || span.error = true)';
    const [first = '', second = ''] = reader.searches.map(({ search }) => printQuery(search));
    expect(first).toBe(`{ resource.service.name = "shop" && ${onSpan} && ${isError} }`);
    expect(second).toBe(
      `{ resource.service.name = "shop" && ${inDetails} && ` +
        `(${onSpan.slice(1, -1)} || ${inDetails}) && ${isError} }`,
    );
  });

  test('of which there is one need not be looked for on spans again', async () => {
    await find({ tags: tags.slice(0, 1) });
    expect(reader.searches[1] && printQuery(reader.searches[1].search)).toBe(
      '{ resource.service.name = "shop" && (event.a = "x" || link.a = "x") }',
    );
  });

  test('give each trace once, newest match first', async () => {
    reader.pages.push([found('1', 50n), found('2', 30n)], [found('3', 40n), found('2', 35n)]);
    expect(await find({ tags })).toEqual([
      [1, 50],
      [3, 40],
      [2, 35],
    ]);
    expect(reader.searches[1]?.startUnixNano).toBe(10n);
  });

  test('are not looked for further back than is needed, nor beyond the limit', async () => {
    reader.pages.push([found('1', 50n), found('2', 40n), found('3', 30n)], [found('4', 35n)]);
    expect(await find({ tags })).toEqual([
      [1, 50],
      [2, 40],
      [4, 35],
    ]);
    expect(reader.searches[1]?.startUnixNano).toBe(30n);
  });
});

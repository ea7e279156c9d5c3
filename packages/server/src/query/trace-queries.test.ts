import { InvalidQueryError, LimitError, NotFoundError, StorageError, unixNano } from '@clew/model';
import { beforeEach, expect, test } from 'vitest';
import {
  CannedTraceReader,
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from './testing/canned-trace-reader.ts';
import { readSearch } from './read-search.ts';
import { TraceQueries } from './trace-queries.ts';

const search = readSearch('{ }');

let reader: CannedTraceReader;
let observed: string[];
let queries: TraceQueries;

beforeEach(() => {
  reader = new CannedTraceReader();
  observed = [];
  queries = new TraceQueries({
    store: reader,
    observe: (kind, outcome, seconds) => {
      expect(seconds).toBeGreaterThanOrEqual(0);
      observed.push(`${kind} ${outcome}`);
    },
  });
});

test('assembles a trace: each span once, by start', async () => {
  const late = exampleSpan({ spanId: spanId('2'), startUnixNano: unixNano(20n) });
  const early = exampleSpan({ spanId: spanId('1'), startUnixNano: unixNano(10n) });
  reader.spans.push(late, early, { ...late });
  const trace = await queries.readTrace(TRACE_ID);
  expect(trace.spans).toEqual([early, late]);
  expect(observed).toEqual(['read_trace ok']);
});

test('tells that a trace is not there', async () => {
  await expect(queries.readTrace(traceId('1'))).rejects.toThrow(NotFoundError);
});

test('streams a trace: each span once, by start, some at a time', async () => {
  const spans = ['1', '2', '3'].map((id, index) =>
    exampleSpan({ spanId: spanId(id), startUnixNano: unixNano(BigInt(index)) }),
  );
  reader.spans.push(...spans.toReversed(), ...spans);
  const chunks: unknown[] = [];
  for await (const chunk of queries.streamTrace(TRACE_ID)) chunks.push(chunk);
  expect(chunks).toEqual([spans.slice(0, 2), spans.slice(2)]);
  expect(observed).toEqual(['read_trace ok']);
});

test('tells before the first spans that a trace is not there', async () => {
  await expect(queries.streamTrace(traceId('1')).next()).rejects.toThrow(NotFoundError);
});

test('lets go of a trace that nobody reads to its end', async () => {
  reader.spans.push(...['1', '2', '3'].map((id) => exampleSpan({ spanId: spanId(id) })));
  for await (const _ of queries.streamTrace(TRACE_ID)) break;
  expect(reader.endedStreams).toBe(1);
  expect(observed).toEqual(['read_trace canceled']);
});

test('puts no trace together that memory might not hold', async () => {
  const small = new TraceQueries({
    store: reader,
    observe: () => undefined,
    maxAssembledSpans: 2,
  });
  reader.spans.push(exampleSpan({ spanId: spanId('1') }), exampleSpan({ spanId: spanId('2') }));
  expect((await small.readTrace(TRACE_ID)).spans).toHaveLength(2);
  reader.spans.push(exampleSpan({ spanId: spanId('3') }));
  await expect(small.readTrace(TRACE_ID)).rejects.toThrow(LimitError);
});

test('reads the spans that share an id', async () => {
  const server = exampleSpan();
  const client = exampleSpan({ kind: 'client' });
  reader.spans.push(server, client, exampleSpan({ spanId: spanId('2') }));
  expect((await queries.readSpan(TRACE_ID, server.spanId)).spans).toEqual([client, server]);
  await expect(queries.readSpan(TRACE_ID, spanId('3'))).rejects.toThrow('span not found');
});

test('continues a search behind the last trace of the page before', async () => {
  const next = { traceId: TRACE_ID, rank: 7n };
  reader.page = { ...reader.page, traces: [exampleFoundTrace()], next };
  const first = await queries.searchTraces({ search, limit: 1 });
  await queries.searchTraces({ search, limit: 1, cursor: first.nextCursor });
  expect(reader.searches.map(({ after }) => after)).toEqual([undefined, next]);
});

test('refuses a cursor of its own making without asking the store', async () => {
  const page = queries.searchTraces({ search, limit: 1, cursor: 'page-2' });
  await expect(page).rejects.toThrow(InvalidQueryError);
  expect(reader.searches).toHaveLength(0);
});

test('hands the signal to the store and counts what was canceled apart', async () => {
  const abort = new AbortController();
  reader.failure = new StorageError('the query was canceled');
  abort.abort();
  await expect(queries.listServices({ signal: abort.signal })).rejects.toThrow(StorageError);
  await expect(queries.listServices()).rejects.toThrow(StorageError);
  expect(reader.signals[0]).toBe(abort.signal);
  expect(observed).toEqual(['list_services canceled', 'list_services error']);
});

test('deletes a trace, and says that there is none the second time', async () => {
  reader.spans.push(exampleSpan());
  await queries.deleteTrace(TRACE_ID);
  expect(reader.spans).toEqual([]);
  await expect(queries.deleteTrace(TRACE_ID)).rejects.toThrow(NotFoundError);
  expect(observed).toEqual(['delete_trace ok', 'delete_trace ok']);
});

import { InvalidQueryError, NotFoundError, StorageError, unixNano } from '@clew/model';
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
    reader,
    deleter: reader,
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

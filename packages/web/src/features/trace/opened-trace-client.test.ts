import { parseTraceId } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { expect, test } from 'vitest';
import { toView, orderTrace } from '../../testing/trace-fixtures.ts';
import { createOpenedTraceClient } from './opened-trace-client.ts';

const json = orderTrace();

/** As a decoder of files leaves it. */
function openedTrace(): Trace {
  const traceId = parseTraceId(json.traceId);
  if (traceId === undefined) throw new Error('no id');
  const spans = json.spans.map((span) => ({
    ...span,
    traceId,
    startUnixNano: BigInt(span.startUnixNano),
    durationNano: BigInt(span.durationNano),
    attributes: [],
    links: [],
    events: span.events.map((event) => ({
      ...event,
      timeUnixNano: BigInt(event.timeUnixNano),
      attributes: [],
    })),
    resource: { ...json.resources[span.resource], attributes: [] },
    scope: { ...json.scopes[span.scope], attributes: [] },
  }));
  return { traceId, spans: spans as unknown as Span[] };
}

test('a trace from a file is shown as the same trace of a store would be', async () => {
  const client = createOpenedTraceClient(openedTrace());
  const columns = await client.readTraceColumns(json.traceId);
  expect(columns.spanIds).toEqual(toView(json).columns.spanIds);
  expect(columns.startsNs).toEqual(toView(json).columns.startsNs);
  const [first] = json.spans;
  const span = await client.readSpan(json.traceId, first?.spanId ?? '');
  expect(span.spans).toMatchObject([{ spanId: first?.spanId, name: first?.name, resource: 0 }]);
  const found = await client.findMatches(json.traceId, { text: 'select users' });
  expect(found.spanIds).toEqual([json.spans.find(({ name }) => name === 'SELECT users')?.spanId]);
});

test('a trace from a file is grouped by its attributes, and written in both forms', async () => {
  const trace = openedTrace();
  const spans = trace.spans.map((span, at) => ({
    ...span,
    traceState: '',
    attributes: at < 2 ? [{ key: 'size', value: { type: 'int' as const, value: 7n } }] : [],
  }));
  const client = createOpenedTraceClient({ ...trace, spans });
  const { attributes } = await client.listTraceAttributes(json.traceId);
  expect(attributes).toEqual([{ scope: 'span', key: 'size', spanCount: 2 }]);
  const size = { scope: 'span', key: 'size' } as const;
  expect(await client.readTraceAttribute(json.traceId, size)).toEqual({
    values: [{ type: 'int', value: '7' }],
    valueIndexes: spans.map((_, at) => (at < 2 ? 0 : -1)),
  });
  const read = async (form: 'json' | 'otlpJson') => {
    let text = '';
    for await (const bytes of client.streamTrace(json.traceId, form)) {
      text += new TextDecoder().decode(bytes);
    }
    return Object.keys(JSON.parse(text) as object);
  };
  expect(await read('json')).toContain('spans');
  expect(await read('otlpJson')).toEqual(['resourceSpans']);
});

test('what needs a store is refused, with the reason', async () => {
  const client = createOpenedTraceClient(openedTrace());
  await expect(client.findMatches(json.traceId, { q: '{ }' })).rejects.toThrow('file');
  await expect(client.readMetrics({})).rejects.toThrow('file');
});

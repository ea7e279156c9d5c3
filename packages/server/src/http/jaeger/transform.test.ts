import { encodeTracesJson } from '@clew/protocol';
import { describe, expect, test } from 'vitest';
import { TRACE_ID, exampleSpan, spanId, traceId } from '../../query/testing/canned-trace-reader.ts';
import { createTestApp } from '../testing/test-app.ts';
import { ANSWERS } from './testing/answer-schemas.ts';

function transform(body: string, query = ''): Promise<Response> {
  const { app } = createTestApp();
  const headers = { host: 'localhost', 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body };
  return Promise.resolve(app.request(`/api/transform${query}`, init));
}

describe('OTLP in JSON', () => {
  test('becomes traces as Jaeger’s UI shows them, each span as often as it is there', async () => {
    const other = exampleSpan({ traceId: traceId('b') });
    const twice = [exampleSpan(), other, exampleSpan()];
    const response = await transform(encodeTracesJson(twice));
    expect(response.status).toBe(200);
    const { data, errors } = ANSWERS.traces.parse(await response.json());
    expect(errors).toBeNull();
    expect(data.map(({ traceID, spans }) => [traceID, spans.length])).toEqual([
      [TRACE_ID, 2],
      ['000000000000000b', 1],
    ]);
  });

  test('is not adjusted', async () => {
    const orphan = exampleSpan({ parentSpanId: spanId('9') });
    const { data } = ANSWERS.traces.parse(
      await (await transform(encodeTracesJson([orphan]))).json(),
    );
    expect(data[0]?.spans[0]?.warnings).toBeNull();
  });

  test('without spans is an empty list', async () => {
    const response = await transform('{"resourceSpans":[]}', '?prettyPrint=true');
    const text = await response.text();
    expect(ANSWERS.nothing.parse(JSON.parse(text)).data).toEqual([]);
    expect(`${JSON.stringify(JSON.parse(text), undefined, 4)}\n`).toBe(text);
  });

  test.each(['{', '[]', ''])('is refused when it is %j', async (body) => {
    const response = await transform(body);
    expect(response.status).toBe(400);
    expect(ANSWERS.failure.parse(await response.json()).errors).toMatchObject([{ code: 400 }]);
  });

  test('is refused when it is too large', async () => {
    const response = await transform(' '.repeat(33 * 1024 ** 2));
    expect(response.status).toBe(413);
    expect(ANSWERS.failure.parse(await response.json()).errors).toMatchObject([{ code: 413 }]);
  });
});

describe('a trace', () => {
  async function archive(id: string, stored = [exampleSpan()]) {
    const { app, reader } = createTestApp();
    reader.spans.push(...stored);
    const init = { method: 'POST', headers: { host: 'localhost' } };
    return { response: await app.request(`/api/archive/${id}`, init), reader };
  }

  test('is archived', async () => {
    const { response, reader } = await archive(TRACE_ID);
    expect(ANSWERS.nothing.parse(await response.json())).toEqual({
      data: [],
      total: 0,
      limit: 0,
      offset: 0,
      errors: [],
    });
    expect(reader.archived).toEqual([TRACE_ID]);
  });

  test('cannot be archived when it is not stored, or has no id', async () => {
    const missing = await archive('1');
    expect(missing.response.status).toBe(404);
    expect(ANSWERS.failure.parse(await missing.response.json()).errors).toEqual([
      { code: 404, msg: 'trace not found' },
    ]);
    expect((await archive('xyz')).response.status).toBe(400);
  });
});

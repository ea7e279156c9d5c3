import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from './api-error.ts';
import { createClient } from './client.ts';

type Answer = (url: string, init: { signal?: AbortSignal | null }) => Promise<Response>;

const BASE = 'http://localhost:16686';

/** Stands where the network would; returns the URLs that were asked for. */
function answerWith(answer: Answer): string[] {
  const urls: string[] = [];
  vi.stubGlobal('fetch', (url: string, init: { signal?: AbortSignal | null }) => {
    urls.push(url);
    return answer(url, init);
  });
  return urls;
}

function json(body: unknown, status = 200): Promise<Response> {
  return Promise.resolve(Response.json(body, { status }));
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('addresses', () => {
  test('each call asks for its route below the base URL', async () => {
    const urls = answerWith(() => json({}));
    const client = createClient(BASE);
    await client.listServices();
    await client.listOperations('order-service');
    await client.readTrace('0af7651916cd43dd8448eb211c80319c');
    await client.searchTraces({ service: 'order-service' });
    await client.diffTraces('0af7', '1b');
    await client.readSpan('0af7', '1b');
    await client.listTraceAttributes('0af7');
    await client.readTraceAttribute('0af7', { scope: 'span', key: 'http.route' });
    expect(urls).toEqual([
      `${BASE}/api/clew/services`,
      `${BASE}/api/clew/services/order-service/operations`,
      `${BASE}/api/clew/traces/0af7651916cd43dd8448eb211c80319c`,
      `${BASE}/api/clew/search?service=order-service`,
      `${BASE}/api/clew/traces/diff?base=0af7&other=1b`,
      `${BASE}/api/clew/traces/0af7/spans/1b`,
      `${BASE}/api/clew/traces/0af7/attributes`,
      `${BASE}/api/clew/traces/0af7/attributes/values?scope=span&key=http.route`,
    ]);
  });

  test('traces come in pieces of bytes', async () => {
    const asked: (string | undefined)[] = [];
    const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    vi.stubGlobal('fetch', (url: string, init: { headers?: Record<string, string> }) => {
      asked.push(url, init.headers?.['accept']);
      return Promise.resolve(new Response(new Blob(pieces).stream()));
    });
    const read: number[] = [];
    for await (const piece of createClient(BASE).streamTraces(['0af7', '1'])) read.push(...piece);
    expect(read).toEqual([1, 2, 3]);
    const url = `${BASE}/api/clew/traces?traceId=0af7&traceId=1`;
    expect(asked).toEqual([url, 'application/x-protobuf']);
  });

  test('a trace comes as text in the forms of other tools, too', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: string) => {
      asked.push(url);
      return Promise.resolve(new Response('{}'));
    });
    const client = createClient(BASE);
    for (const form of ['json', 'otlpJson', 'jaegerJson', 'zipkinJson'] as const)
      await client.streamTrace('0af7', form).next();
    expect(asked).toEqual([
      `${BASE}/api/clew/traces/0af7`,
      `${BASE}/api/clew/traces/0af7`,
      `${BASE}/api/traces/0af7`,
      `${BASE}/zipkin/api/v2/trace/0af7`,
    ]);
  });

  test('pieces that break off are unavailable, and those that nobody reads are given up', async () => {
    let isCanceled = false;
    const streamOf = (pull: (stream: ReadableStreamDefaultController) => void) => {
      const source = { pull, cancel: () => void (isCanceled = true) };
      answerWith(() => Promise.resolve(new Response(new ReadableStream(source))));
      return createClient(BASE).streamTraces(['1']);
    };
    const broken = streamOf((stream) => stream.error(new TypeError('terminated')));
    const error = await failureOf(broken.next());
    expect(error).toMatchObject({ code: 'unavailable', message: 'the answer broke off' });
    for await (const _ of streamOf((stream) => stream.enqueue(Uint8Array.of(1)))) break;
    expect(isCanceled).toBe(true);
  });

  test('what is found comes a trace a line, and a failure behind what came before it', async () => {
    const lines =
      '{"traceId":"a"}\n{"traceId":"b"}\n{"error":{"code":"deadline_exceeded","message":"late"}}\n';
    const urls = answerWith(() => Promise.resolve(new Response(lines)));
    const found: string[] = [];
    const read = async (): Promise<void> => {
      const traces = createClient(BASE).streamFoundTraces({ q: '{}', limit: '7' });
      for await (const { traceId } of traces) found.push(traceId);
    };
    expect(await failureOf(read())).toMatchObject({ code: 'deadline_exceeded', message: 'late' });
    expect(found).toEqual(['a', 'b']);
    expect(urls).toEqual([`${BASE}/api/clew/search?q=%7B%7D&limit=7`]);
    answerWith(() => json({ error: { code: 'invalid_argument', message: 'what?' } }, 400));
    expect(await failureOf(read())).toMatchObject({ status: 400, message: 'what?' });
  });

  test('a trace comes as columns to those who ask for them, and as nothing else', async () => {
    const accepted: (string | undefined)[] = [];
    vi.stubGlobal('fetch', (_: string, init: { headers?: Record<string, string> }) => {
      accepted.push(init.headers?.['accept']);
      return Promise.resolve(new Response('<html>of some proxy</html>'));
    });
    const error = await failureOf(createClient(BASE).readTraceColumns('0af7651916cd43dd'));
    expect(error).toMatchObject({ code: 'internal', status: 200 });
    expect(error.message).toContain('does not begin with CLWC');
    expect(accepted).toEqual(['application/vnd.clew.trace-columns']);
  });

  test('a removal has an answer without a body', async () => {
    const methods: (string | undefined)[] = [];
    vi.stubGlobal('fetch', (_: string, init: { method?: string }) => {
      methods.push(init.method);
      return Promise.resolve(new Response(null, { status: 204 }));
    });
    expect(await createClient(BASE).deleteTrace('0af7651916cd43dd')).toBeUndefined();
    expect(methods).toEqual(['DELETE']);
  });

  test('a base path is kept, and an empty base is the page’s own server', async () => {
    const urls = answerWith(() => json({}));
    await createClient(`${BASE}/clew`).listServices();
    await createClient('').listServices();
    expect(urls).toEqual([`${BASE}/clew/api/clew/services`, '/api/clew/services']);
  });

  test('a service is escaped in the path', async () => {
    const urls = answerWith(() => json({}));
    await createClient(BASE).listOperations('a/b?c#d é');
    expect(urls).toEqual([`${BASE}/api/clew/services/a%2Fb%3Fc%23d%20%C3%A9/operations`]);
  });

  test('a parameter repeats for each of its values, is escaped, and is left out without one', async () => {
    const urls = answerWith(() => json({}));
    await createClient(BASE).searchTraces({
      attribute: ['user.id=7', 'url.query=a&b=c d'],
      service: undefined,
      cursor: 'x+y',
    });
    expect(urls).toEqual([
      `${BASE}/api/clew/search?attribute=user.id%3D7&attribute=url.query%3Da%26b%3Dc+d&cursor=x%2By`,
    ]);
  });
});

describe('answers', () => {
  test('a success is handed on as it is', async () => {
    answerWith(() => json({ services: ['a', 'b'] }));
    expect(await createClient(BASE).listServices()).toEqual({ services: ['a', 'b'] });
  });

  test('an error of the API keeps its code, message, parameter and status', async () => {
    const error = {
      code: 'invalid_argument',
      message: 'expected key=value',
      parameter: 'attribute',
    };
    answerWith(() => json({ error }, 400));
    expect(await failureOf(createClient(BASE).searchTraces({ attribute: 'x' }))).toMatchObject({
      ...error,
      name: 'ApiError',
      status: 400,
    });
  });

  test.each([
    ['in HTML', () => Promise.resolve(new Response('<h1>Bad Gateway</h1>', { status: 502 }))],
    ['without a body', () => Promise.resolve(new Response(null, { status: 502 }))],
    ['in JSON of another shape', () => json({ message: 'bad gateway' }, 502)],
  ])('an error of a proxy %s tells its status', async (_, answer) => {
    answerWith(answer);
    const error = await failureOf(createClient(BASE).listServices());
    expect(error).toMatchObject({ status: 502, message: 'the server answered 502' });
  });

  test('a success that is not JSON is an error', async () => {
    answerWith(() => Promise.resolve(new Response('<html>')));
    const error = await failureOf(createClient(BASE).listServices());
    expect(error).toMatchObject({
      code: 'internal',
      status: 200,
      message: 'the answer is not JSON',
    });
  });

  test('an answer that breaks off is unavailable', async () => {
    const body = new ReadableStream({
      start: (stream) => stream.error(new TypeError('terminated')),
    });
    answerWith(() => Promise.resolve(new Response(body)));
    const error = await failureOf(createClient(BASE).listServices());
    expect(error).toMatchObject({ code: 'unavailable', message: 'the answer broke off' });
  });

  test('no answer at all is unavailable', async () => {
    const cause = new TypeError('fetch failed');
    answerWith(() => Promise.reject(cause));
    const error = await failureOf(createClient(BASE).listServices());
    expect(error).toMatchObject({ code: 'unavailable', status: 0, cause });
  });
});

describe('events', () => {
  function streamOf(text: string): Promise<Response> {
    return Promise.resolve(
      new Response(text, { headers: { 'content-type': 'text/event-stream' } }),
    );
  }

  test('are given as they come, those that are not known left out', async () => {
    const urls = answerWith(() =>
      streamOf(
        ': hello\n\nevent: skipped\ndata: {"atLeast":3}\n\nevent: new\ndata: 1\n\n' +
          'event: error\ndata: {"error":{"code":"internal","message":"no"}}\n\n',
      ),
    );
    const events = [];
    for await (const event of createClient(BASE).tailSpans({ q: '{ }' })) events.push(event);
    expect(urls).toEqual([`${BASE}/api/clew/spans/tail?q=%7B+%7D`]);
    expect(events).toEqual([
      { event: 'skipped', data: { atLeast: 3 } },
      { event: 'error', data: { error: { code: 'internal', message: 'no' } } },
    ]);
  });

  test('are not there when the request is refused', async () => {
    const error = { code: 'invalid_argument', message: 'no', parameter: 'q', position: 2 };
    answerWith(() => json({ error }, 400));
    const tail = createClient(BASE).tailSpans({ q: '{' });
    expect(await failureOf(tail.next())).toMatchObject({ ...error, status: 400 });
  });

  test('that break off are unavailable', async () => {
    const body = new ReadableStream({
      start: (stream) => stream.error(new TypeError('terminated')),
    });
    answerWith(() => Promise.resolve(new Response(body)));
    const error = await failureOf(createClient(BASE).tailSpans({}).next());
    expect(error).toMatchObject({ code: 'unavailable', message: 'the answer broke off' });
  });

  test('that are given up reject with the abort itself', async () => {
    const abort = new AbortController();
    answerWith((_, { signal }) => {
      const body = new ReadableStream({
        start: (stream) => signal?.addEventListener('abort', () => stream.error(signal.reason)),
      });
      return Promise.resolve(new Response(body));
    });
    const next = createClient(BASE).tailSpans({}, { signal: abort.signal }).next();
    abort.abort();
    await expect(next).rejects.toBe(abort.signal.reason);
  });
});

describe('aborting', () => {
  test('before the answer rejects with the abort itself', async () => {
    const abort = new AbortController();
    answerWith((_, { signal }) => {
      abort.abort();
      return Promise.reject(signal?.reason as Error);
    });
    await expect(createClient(BASE).listServices({ signal: abort.signal })).rejects.toBe(
      abort.signal.reason,
    );
  });

  test('in the middle of the answer rejects with the abort itself', async () => {
    const abort = new AbortController();
    answerWith(() => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"services":['));
          abort.abort();
          controller.error(abort.signal.reason);
        },
      });
      return Promise.resolve(new Response(body));
    });
    await expect(createClient(BASE).listServices({ signal: abort.signal })).rejects.toBe(
      abort.signal.reason,
    );
  });
});

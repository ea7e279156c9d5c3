import { once } from 'node:events';
import http from 'node:http';
import { get as importedGet, request as importedRequest } from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Span as ModelSpan } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { activeSpan, init, setHttpRoute, startSpan, withSpan } from './index.ts';
import type { Clew } from './index.ts';
import { OtlpSink } from './testing/otlp-sink.ts';
import { readAttributes } from './testing/read-attributes.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

let sink: OtlpSink;
let clew: Clew;
let servers: (http.Server | net.Server)[];

beforeEach(async () => {
  servers = [];
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'web', endpoint: sink.endpoint });
});

afterEach(async () => {
  await clew.shutdown();
  for (const server of servers) {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  }
  await sink.stop();
});

async function listen(server: http.Server | net.Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(handler: Handler): Promise<string> {
  return listen(http.createServer((request, response) => void handler(request, response)));
}

async function sent(count: number): Promise<readonly ModelSpan[]> {
  // The server's span ends a moment after the client has its answer.
  for (let waited = 0; clew.stats.endedSpanCount < count && waited < 2000; waited += 5) {
    await sleep(5);
  }
  await clew.forceFlush();
  expect(sink.spans.map((span) => `${span.kind} ${span.name}`)).toHaveLength(count);
  return sink.spans;
}

function find(kind: ModelSpan['kind'], name?: string): ModelSpan {
  const span = sink.spans.find((s) => s.kind === kind && (name === undefined || s.name === name));
  if (span === undefined) throw new Error(`no ${kind} span ${name ?? ''}`);
  return span;
}

function read(span: ModelSpan): Record<string, unknown> {
  return readAttributes(span.attributes);
}

async function getText(options: http.RequestOptions | string): Promise<string> {
  const [response] = (await once(http.get(options), 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

describe('two services and one trace', () => {
  const clients: [string, (url: string) => Promise<string>][] = [
    ['fetch', async (url) => (await fetch(url)).text()],
    ['http.get', getText],
    [
      'a get that was imported by name before init',
      (url) =>
        new Promise((resolve, reject) => {
          importedGet(url, (response) => response.on('data', (data) => resolve(String(data)))).on(
            'error',
            reject,
          );
        }),
    ],
    [
      'a request with options and a body',
      (url) =>
        new Promise((resolve, reject) => {
          const { hostname, port, pathname } = new URL(url);
          const request = importedRequest(
            { hostname, port, path: pathname, method: 'GET', headers: { 'x-a': '1' } },
            (response) => response.on('data', (data) => resolve(String(data))),
          );
          request.on('error', reject);
          request.end();
        }),
    ],
  ];

  test.each(clients)('through %s', async (_, call) => {
    const inner = await serve(async (_request, response) => {
      setHttpRoute('/users/:id');
      await withSpan('get-user', async () => sleep(2));
      response.end('Ada');
    });
    const outer = await serve(async (_request, response) => {
      response.end(await withSpan('create-order', async () => call(`${inner}/users/7`)));
    });
    const port = new URL(outer).port;
    await rawRequest(Number(port), 'POST /orders HTTP/1.1\r\nhost: shop.example:81');
    const spans = await sent(5);

    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    const root = find('server', 'POST');
    const order = find('internal', 'create-order');
    const client = find('client', 'GET');
    const user = find('server', 'GET /users/:id');
    const lookup = find('internal', 'get-user');
    expect(root.parentSpanId).toBeUndefined();
    expect(order.parentSpanId).toBe(root.spanId);
    expect(client.parentSpanId).toBe(order.spanId);
    expect(user.parentSpanId).toBe(client.spanId);
    expect(lookup.parentSpanId).toBe(user.spanId);
    // OTLP's flag: the parent is known to be in another process.
    expect(user.flags & 0x300).toBe(0x300);
    expect(lookup.flags & 0x300).toBe(0x100);

    expect(read(root)).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200n,
      'url.path': '/orders',
      'url.scheme': 'http',
      'server.address': 'shop.example',
      'server.port': 81n,
      'network.protocol.version': '1.1',
      'client.address': '127.0.0.1',
    });
    expect(read(client)).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200n,
      'url.full': `${inner}/users/7`,
      'server.address': '127.0.0.1',
      'server.port': BigInt(new URL(inner).port),
    });
    expect(read(user)).toMatchObject({ 'http.route': '/users/:id' });
    expect([root, client, user].map((span) => span.status)).toEqual(['unset', 'unset', 'unset']);
  });
});

describe('what a status means', () => {
  test.each([
    [404, 'unset', undefined],
    [503, 'error', '503'],
  ] as const)('%i to a server is %s, and to a client an error', async (status, server, type) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    await (await fetch(url)).text();
    await getText(url);
    await sent(4);
    for (const span of sink.spans.filter((s) => s.kind === 'client')) {
      expect(span.status).toBe('error');
      expect(read(span)['error.type']).toBe(String(status));
    }
    expect(find('server').status).toBe(server);
    expect(read(find('server'))['error.type']).toBe(type);
  });

  test('a refused connection is an error of the client that names its code, and still one of the program', async () => {
    const closed = net.createServer();
    const url = await listen(closed);
    closed.close();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    const [error] = (await once(http.get(url), 'error').catch((e: unknown) => [e])) as [Error];
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    const spans = await sent(2);
    for (const span of spans) {
      expect(span).toMatchObject({ kind: 'client', status: 'error' });
      expect(read(span)['error.type']).toBe('ECONNREFUSED');
      expect(span.events[0]?.name).toBe('exception');
    }
  });

  test('a request that is given up is an error of both sides', async () => {
    const url = await serve(() => undefined);
    const signal = AbortSignal.timeout(50);
    await expect(fetch(url, { signal })).rejects.toThrow();
    const request = http.get(url);
    setTimeout(() => request.destroy(), 50);
    await once(request, 'error').catch(() => undefined);
    const spans = await sent(4);
    expect(spans.map((span) => span.status)).toEqual(['error', 'error', 'error', 'error']);
    expect(read(find('server'))['error.type']).toBe('aborted');
  });

  test('an answer that breaks off is an error of both sides', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('some');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(getText(url)).rejects.toThrow('aborted');
    await sent(2);
    expect(find('client').status).toBe('error');
    expect(find('server').status).toBe('error');
  });

  test('what a listener throws is on the span, and is thrown on', async () => {
    const server = http.createServer(() => {
      throw new TypeError('listener');
    });
    await listen(server);
    const request = new http.IncomingMessage(new net.Socket());
    const response = new http.ServerResponse(request);
    expect(() => server.emit('request', request, response)).toThrow('listener');
    response.emit('close');
    await sent(1);
    expect(find('server').events[0]?.name).toBe('exception');
  });
});

describe('what a program relies on', () => {
  test('an unwanted answer is still thrown away, and an unhandled error still thrown', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(200_000)));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    http.get(url, { agent }).on('error', () => undefined);
    // With one connection the second only gets an answer when the first was read to its end.
    expect(await getText({ agent, host: '127.0.0.1', port: new URL(url).port })).toHaveLength(
      200_000,
    );
    agent.destroy();
    const request = http.get('http://127.0.0.1:1/');
    expect(request.listenerCount('error')).toBe(0);
    await new Promise((resolve) => {
      request.once('close', resolve).once('error', () => undefined);
    });
  });

  test('callbacks of a request run in the context of the caller, also when requests queue', async () => {
    const url = await serve((_, response) => response.end('ok'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const wrong: string[] = [];
    const check = (name: string, place: string): void => {
      if (activeSpan()?.spanContext().spanId !== ids.get(name)) wrong.push(`${name} ${place}`);
    };
    const ids = new Map<string, string>();
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        withSpan(name, async (span) => {
          ids.set(name, span.spanContext().spanId);
          await new Promise<void>((resolve) => {
            const request = http.get(url, { agent }, (response) => {
              check(name, 'callback');
              response.on('data', () => check(name, 'data'));
              response.on('end', () => {
                check(name, 'end');
                resolve();
              });
            });
            request.on('response', () => check(name, 'response'));
          });
        }),
      ),
    );
    agent.destroy();
    expect(wrong).toEqual([]);
  });

  test('listeners on the body of a request run inside its span', async () => {
    const url = await serve((request, response) => {
      const span = activeSpan();
      let same = 0;
      const onData = (): void => void (same += activeSpan() === span ? 1 : 100);
      request.on('data', onData);
      request.once('end', () => {
        request.off('data', onData);
        expect(request.listenerCount('data')).toBe(0);
        response.end(String(same + (activeSpan() === span ? 10 : 100)));
      });
    });
    const answer = await fetch(url, { method: 'POST', body: 'body' });
    expect(await answer.text()).toBe('11');
  });

  test('headers of every form arrive, and the context replaces one that is handed on', async () => {
    const url = await serve((request, response) => {
      const names = request.rawHeaders
        .filter((_, i) => i % 2 === 0)
        .join()
        .toLowerCase();
      response.end(`${names.split('traceparent').length - 1} ${String(request.headers['x-own'])}`);
    });
    const stale = '00-11111111111111111111111111111111-2222222222222222-01';
    const { port } = new URL(url);
    const base = { host: '127.0.0.1', port };
    const list = ['Host', 'a', 'X-Own', 'yes', 'Traceparent', stale];
    expect(await getText({ ...base, headers: list })).toBe('1 yes');
    expect(await getText({ ...base, headers: { 'X-Own': 'yes', TraceParent: stale } })).toBe(
      '1 yes',
    );
    expect(await getText({ ...base, headers: { 'X-Own': 'yes', Expect: '100-continue' } })).toBe(
      '1 yes',
    );
    const answer = await fetch(url, { headers: { 'x-own': 'yes', traceparent: stale } });
    expect(await answer.text()).toBe('1 yes');
    const spans = await sent(8);
    expect(spans.filter((span) => span.traceId.startsWith('1111'))).toEqual([]);
    for (const span of spans.filter((s) => s.kind === 'server'))
      expect(span.parentSpanId).toBeDefined();
  });

  test('a call that http refuses is refused as ever', async () => {
    expect(() => http.get('not a url')).toThrow('Invalid URL');
    expect(() => http.request({ path: '/with space' })).toThrow('unescaped');
    const [first] = await sent(2);
    expect(first?.status).toBe('error');
  });

  test('secrets in URLs are covered', async () => {
    const url = await serve((_, response) => response.end());
    const { port } = new URL(url);
    await getText(`http://me:pass@127.0.0.1:${port}/a?sig=secret&b=1`);
    await sent(2);
    expect(read(find('client'))['url.full']).toBe(`http://127.0.0.1:${port}/a?sig=REDACTED&b=1`);
    expect(read(find('server'))['url.query']).toBe('sig=REDACTED&b=1');
  });

  test('a method nobody knows does not become a name', async () => {
    const url = await serve((_, response) => response.end());
    await rawRequest(Number(new URL(url).port), 'PROPFIND /x HTTP/1.1\r\nhost: a');
    await sent(1);
    expect(read(find('server', 'HTTP'))).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PROPFIND',
    });
  });

  test.each(['', '00-xyz', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, 'ff-1-2-3'])(
    'a malformed traceparent %j begins a new trace',
    async (header) => {
      const url = await serve((_, response) => response.end());
      await rawRequest(
        Number(new URL(url).port),
        `GET / HTTP/1.1\r\nhost: a\r\ntraceparent: ${header}`,
      );
      await sent(1);
      expect(find('server').parentSpanId).toBeUndefined();
    },
  );

  test('trace state is handed on', async () => {
    const url = await serve(async (request, response) => {
      if (request.url === '/last') response.end(String(request.headers['tracestate']));
      else response.end(await (await fetch(`${url}/last`)).text());
    });
    const headers = {
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      tracestate: 'v=1,w=2',
    };
    const { port } = new URL(url);
    const head = Object.entries(headers)
      .map(([name, text]) => `${name}: ${text}`)
      .join('\r\n');
    expect(await rawRequest(Number(port), `GET / HTTP/1.1\r\nhost: a\r\n${head}`)).toContain(
      'v=1,w=2',
    );
  });

  test('after shutdown nothing is patched', async () => {
    const { request, get } = http;
    await clew.shutdown();
    expect([http.request === request, http.get === get]).toEqual([false, false]);
    expect(Object.hasOwn(http.Server.prototype, 'emit')).toBe(false);
    const url = await serve((message, response) =>
      response.end(String(message.headers['traceparent'])),
    );
    expect(await getText(url)).toBe('undefined');
    expect(await (await fetch(url)).text()).toBe('undefined');
  });

  test('a server that began to listen inside a span does not put its requests below it', async () => {
    const url = await withSpan('startup', () => serve((_, response) => response.end()));
    await rawRequest(Number(new URL(url).port), 'GET / HTTP/1.1\r\nhost: a');
    await sent(2);
    expect(find('server').parentSpanId).toBeUndefined();
  });

  test('a span started in a request without withSpan is a child of the server span', async () => {
    const url = await serve((_, response) => {
      startSpan('plain').finish();
      response.end();
    });
    await rawRequest(Number(new URL(url).port), 'GET / HTTP/1.1\r\nhost: a');
    await sent(2);
    expect(find('internal').parentSpanId).toBe(find('server').spanId);
    expect(read(find('server'))['url.path']).toBe('/');
  });
});

/** A client that no instrumentation knows of. */
async function rawRequest(port: number, head: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`${head}\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

/** A shop's server: gives out the page, under a strict policy, and answers it. Traced by the library for Node. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { init, inject, setHttpRoute } from '@clew/sdk';
import { build } from 'vite';

const ENDPOINT = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';

init({ serviceName: 'shop-server' });
const script = await bundlePage();

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  setHttpRoute(pathname);
  switch (pathname) {
    case '/': {
      const endpoint = searchParams.get('endpoint') ?? ENDPOINT;
      const { traceparent } = inject<Record<string, string>>({});
      response.writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' http://localhost:* http://127.0.0.1:*`,
      });
      response.end(renderPage({ endpoint, traceparent: traceparent ?? '' }));
      return;
    }
    case '/page.js':
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      return;
    case '/style.css':
      response.writeHead(200, { 'content-type': 'text/css' }).end('body { margin: 2em }');
      return;
    case '/missing':
    case '/missing/v1/traces':
    case '/favicon.ico':
      response.writeHead(404).end();
      return;
    case '/garbage/v1/traces':
      response.writeHead(200, { 'content-type': 'application/json' }).end('<not json');
      return;
    case '/relay/v1/traces':
      void relay(request, response);
      return;
    default:
      response.writeHead(200, {
        'content-type': 'application/json',
        'access-control-allow-origin': '*',
      });
      response.end('{ "price": 3 }');
  }
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`traced site ready at http://127.0.0.1:${port}`);
});

/** What pages send to their own origin goes on to the receiver. */
async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const body = Buffer.concat(chunks);
  const answer = await fetch(`${ENDPOINT}/v1/traces`, { method: 'POST', headers, body });
  response.writeHead(answer.status).end(await answer.text());
}

function renderPage(parts: { readonly endpoint: string; readonly traceparent: string }): string {
  const { port } = server.address() as AddressInfo;
  return `<!doctype html>
    <html lang="en" data-endpoint="${parts.endpoint}" data-foreign="http://localhost:${port}">
    <head>
      <meta charset="utf-8"><title>shop</title>
      <meta name="traceparent" content="${parts.traceparent}">
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="/style.css">
      <script type="module" src="/page.js"></script>
    </head>
    <body>
      <button id="buy"><b>Buy</b></button>
      <button id="fail">Fail</button>
      <form name="ask"><input name="item" aria-label="Item"></form>
    </body></html>`;
}

/** What an application's bundler makes of the page. */
async function bundlePage(): Promise<string> {
  const output = await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@clew/source', 'module', 'browser'] },
    build: {
      write: false,
      rolldownOptions: { input: fileURLToPath(new URL('page.ts', import.meta.url)) },
    },
  });
  const [result] = [output].flat();
  const chunk = result !== undefined && 'output' in result ? result.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('the page was not bundled');
  return chunk.code;
}

/** Stands between a browser and a Clew, and cuts answers off in their middle: a fault that a browser's own routes cannot make. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class CuttingProxy implements AsyncDisposable {
  readonly address: string;
  /** Answers of paths that it matches break off after half of what their `content-length` says. */
  cut: RegExp | undefined;
  readonly #close: () => Promise<void>;

  private constructor(address: string, close: () => Promise<void>) {
    this.address = address;
    this.#close = close;
  }

  /** `target` is the address of a Clew without a base path. */
  static async start(target: string): Promise<CuttingProxy> {
    const server = createServer((request, response) => {
      forward(target, { request, response, cut: proxy.cut }).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = new CuttingProxy(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return proxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly cut: RegExp | undefined;
}

async function forward(target: string, { request, response, cut }: Exchange): Promise<void> {
  const path = request.url ?? '/';
  const { accept } = request.headers;
  const answer = await fetch(`${target}${path}`, {
    headers: accept === undefined ? {} : { accept },
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('content-type') ?? 'application/octet-stream';
  response.writeHead(answer.status, { 'content-type': type, 'content-length': body.length });
  if (cut?.test(path) !== true) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}

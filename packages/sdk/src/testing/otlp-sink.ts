import { EventEmitter } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { SpanBlock } from '@clew/model';
import { decodeTracesJson, decodeTracesProtobuf, readSpans } from '@clew/protocol';
import type { Span } from '@clew/model';

/** What the sink does with a request; by default it takes the spans. */
export type SinkAnswer =
  | {
      readonly status: number;
      readonly body?: Uint8Array | string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'hang'
  | 'reset'
  | 'garbage';

/** A receiver of OTLP over HTTP that keeps the spans it took, so that tests see what really went over the wire. */
export class OtlpSink {
  readonly requests: http.IncomingMessage[] = [];
  readonly #spans: Span[] = [];
  readonly #server = http.createServer(
    (request, response) => void this.#receive(request, response),
  );
  #answer: (requestIndex: number) => SinkAnswer = () => ({ status: 200 });

  /** On a port that is free, unless it is given. */
  static async start(port = 0): Promise<OtlpSink> {
    const sink = new OtlpSink();
    // The sink may run in the process that it receives from; its own requests are not part of what is tested.
    const emit: unknown = Reflect.get(EventEmitter.prototype, 'emit');
    Object.defineProperty(sink.#server, 'emit', { value: emit });
    await new Promise<void>((resolve) => {
      sink.#server.listen(port, '127.0.0.1', resolve);
    });
    return sink;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every span that was acknowledged. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** Chooses the answer to each request, which are counted from 0. */
  answerWith(answer: (requestIndex: number) => SinkAnswer): void {
    this.#answer = answer;
  }

  /** Resolves when `isComplete` holds for the spans that have arrived; rejects after ten seconds. */
  async waitFor(isComplete: (spans: readonly Span[]) => boolean): Promise<readonly Span[]> {
    const deadlineMs = Date.now() + 10_000;
    while (!isComplete(this.#spans)) {
      if (Date.now() > deadlineMs) {
        throw new Error(`only these arrived: ${this.#spans.map((span) => span.name).join(', ')}`);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    return this.#spans;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const answer = this.#answer(this.requests.length);
    this.requests.push(request);
    const chunks: Uint8Array[] = [];
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
    } else if (answer === 'garbage') {
      request.socket.end('this is not HTTP\r\n\r\n');
    } else {
      if (answer.status === 200) this.#take(request, Buffer.concat(chunks));
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  }
  #take({ headers }: http.IncomingMessage, body: Uint8Array): void {
    const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const block = new SpanBlock('test');
    const isJson = headers['content-type'] === 'application/json';
    const rejected = (isJson ? decodeTracesJson : decodeTracesProtobuf)(bytes, block);
    if (rejected.count > 0) throw new Error(`rejected: ${rejected.reasons.join(', ')}`);
    for (const span of readSpans(block)) this.#spans.push(span);
  }
}

import type { Scope } from './page-tracer.ts';

/** OTLP's `ExportTraceServiceRequest` in JSON. */
export interface ExportRequest {
  readonly spanCount: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

interface WaitingSpan {
  readonly scope: Scope;
  readonly json: string;
  readonly byteCount: number;
}

/** Spans that may wait, and what they may take. */
const MAX_SPANS = 2048;
const MAX_BYTES = 4 * 1024 * 1024;
/** With the resource and the names of scopes around the spans it is below the 64 KiB that may outlive a page. */
const MAX_REQUEST_BYTES = 60_000;
/** What stands between two spans. */
const SEPARATOR_BYTES = 1;

const encoder = new TextEncoder();

/** Ended spans as OTLP's JSON until a request takes them. When there is no room the oldest go. */
export class SpanQueue {
  readonly #resource: string;
  readonly #spans: WaitingSpan[] = [];
  #byteCount = 0;

  /** Of the page's resource, as OTLP has it. */
  constructor(resource: object) {
    this.#resource = JSON.stringify(resource);
  }

  get count(): number {
    return this.#spans.length;
  }

  /** Answers with how many had to go, perhaps this one. */
  push(scope: Scope, json: string): number {
    const byteCount = encoder.encode(json).length + SEPARATOR_BYTES;
    this.#spans.push({ scope, json, byteCount });
    this.#byteCount += byteCount;
    let droppedCount = 0;
    while (this.count > MAX_SPANS || this.#byteCount > MAX_BYTES) {
      this.#shift();
      droppedCount++;
    }
    return droppedCount;
  }

  /** As many of the oldest as one request takes, at least one; undefined when there are none. */
  take(): ExportRequest | undefined {
    const jsonByScope = new Map<Scope, string[]>();
    let spanCount = 0;
    let byteCount = 0;
    for (;;) {
      const next = this.#spans[0];
      if (next === undefined) break;
      byteCount += next.byteCount;
      if (spanCount > 0 && byteCount > MAX_REQUEST_BYTES) break;
      this.#shift();
      spanCount++;
      const known = jsonByScope.get(next.scope);
      if (known === undefined) jsonByScope.set(next.scope, [next.json]);
      else known.push(next.json);
    }
    if (spanCount === 0) return undefined;
    const scopeSpans = Array.from(
      jsonByScope,
      ([scope, spans]) => `{"scope":${JSON.stringify(scope)},"spans":[${spans.join()}]}`,
    );
    const text = `{"resourceSpans":[{"resource":${this.#resource},"scopeSpans":[${scopeSpans.join()}]}]}`;
    return { spanCount, body: encoder.encode(text) };
  }

  #shift(): void {
    this.#byteCount -= this.#spans.shift()?.byteCount ?? 0;
  }
}
